# SPDX-License-Identifier: Apache-2.0
"""Enlarged images, in any memory order."""

import struct

from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.images import image
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import DType
from cortex_m_plan.step import PARAMETERS, Field, Pointer, Step


@operator("aten::upsample_nearest2d.vec_out", "input:tensor size:any factors:any out:out")
def upsample_nearest2d(call: Call) -> Step:
    """Of any element type."""
    call.require_dtype(call.args.input.dtype, out=call.out)
    scales = _scales(call, call.args.factors, nearest=True)
    parameters = {"element_bytes": call.out.dtype.size, **_shapes(call), **scales}
    return _step(call, "upsample_nearest2d", parameters)


@operator(
    "aten::upsample_bilinear2d.vec_out",
    "input:tensor size:any align_corners:bool factors:any out:out",
)
def upsample_bilinear2d(call: Call) -> Step:
    args = call.args
    call.require_dtype(DType.FLOAT32, input=args.input, out=call.out)
    scales = _scales(call, args.factors, align_corners=args.align_corners)
    parameters = {**_shapes(call), "align_corners": int(args.align_corners), **scales}
    return _step(call, "upsample_bilinear2d_f32", parameters)


def _shapes(call: Call) -> dict[str, Field]:
    source, input_strides = image(call, call.args.input)
    target, output_strides = image(call, call.out)
    if (source.n, source.c) != (target.n, target.c):
        raise call.damaged(f"{times(source)} does not give {times(target)}")
    return {
        "input": source,
        "output": target,
        "input_strides": input_strides,
        "output_strides": output_strides,
    }


def _scales(
    call: Call,
    factors: tuple[float, ...] | None,
    *,
    align_corners: bool = False,
    nearest: bool = False,
) -> dict[str, float]:
    """As PyTorch computes them, in float32: of the factors if there are, else of the sizes."""
    source, _ = image(call, call.args.input)
    target, _ = image(call, call.out)
    if factors is not None and (len(factors) != 2 or min(factors) <= 0):
        raise call.damaged(f"its factors are {factors}")
    scales = []
    for number, (size, grown) in enumerate(zip(source[1:3], target[1:3], strict=True)):
        if align_corners:
            scale = (size - 1) / (grown - 1) if grown > 1 else 0.0
        elif grown == size or (nearest and grown == 2 * size) or factors is None:
            scale = size / grown  # the first two whatever the factor is that led to them
        else:
            scale = 1.0 / factors[number]
        scales.append(struct.unpack("<f", struct.pack("<f", scale))[0])
    return {"scale_h": scales[0], "scale_w": scales[1]}


def _step(call: Call, name: str, parameters: dict[str, Field]) -> Step:
    return Step(
        instruction=call.instruction,
        kernel=f"cortex_m_{name}",
        summary=f"{times(parameters['input'])} -> {times(parameters['output'])}",
        arguments=(
            Pointer("input", call.args.input),
            PARAMETERS,
            Pointer("output", call.out, writable=True),
        ),
        parameters=parameters,
    )
