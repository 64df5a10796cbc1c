# SPDX-License-Identifier: Apache-2.0
"""Pooling, with logical NCHW tensors (channels_last) and with logical NHWC ones."""

import math

from cortex_m_plan.layout import NCHW_AS_NHWC, NHWC, Dims
from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.images import both_sides
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import DType
from cortex_m_plan.step import PARAMETERS, Field, Pointer, Scratch, Step

_AVERAGE = (
    "input:tensor kernel:pair stride:pair padding:pair ceil_mode:bool "
    "zero_point:int multiplier:int shift:int scratch:scratch out:out"
)
_MAXIMUM = (
    "input:tensor kernel:pair stride:pair padding:pair dilation:pair ceil_mode:bool "
    "input_zero_point:int output_zero_point:int activation_min:int activation_max:int out:out"
)


@operator("cortex_m::quantized_avg_pool2d.out", _AVERAGE)
def quantized_avg_pool2d(call: Call) -> Step:
    return _average(call, NCHW_AS_NHWC)


@operator("cortex_m::quantized_avg_pool2d_nhwc.out", _AVERAGE)
def quantized_avg_pool2d_nhwc(call: Call) -> Step:
    return _average(call, NHWC)


@operator("cortex_m::quantized_max_pool2d.out", _MAXIMUM)
def quantized_max_pool2d(call: Call) -> Step:
    return _maximum(call, NCHW_AS_NHWC)


@operator("cortex_m::quantized_max_pool2d_nhwc.out", _MAXIMUM)
def quantized_max_pool2d_nhwc(call: Call) -> Step:
    return _maximum(call, NHWC)


def _average(call: Call, order: tuple[int, ...]) -> Step:
    args = call.args
    source, target = _shapes(call, order)
    if not -128 <= args.zero_point <= 127:
        raise call.damaged(f"its zero point is {args.zero_point}")
    # As the reference computes it: in double, rounded to float32 where it meets the tensor.
    scale = math.ldexp(float(args.multiplier), max(-200, min(args.shift, 200)) - 31)
    if not 2.0**-126 <= scale <= 2.0**126:
        raise call.damaged(f"its scale is {scale}")
    shape = (source.h, source.w, source.c, target.h, target.w)
    need = f"CORTEX_M_QUANTIZED_AVG_POOL2D_SCRATCH({', '.join(map(str, shape))})"
    scratch = args.scratch
    return Step(
        instruction=call.instruction,
        kernel="cortex_m_quantized_avg_pool2d",
        summary=_summary(call, source, target),
        arguments=(
            Pointer("input", args.input),
            PARAMETERS,
            Pointer("scratch", scratch if scratch.bytes else None, writable=True),
            Pointer("output", args.out, writable=True),
        ),
        parameters={
            **_windows(call, source, target),
            "zero_point": args.zero_point,
            "scale": scale,
        },
        scratches=(Scratch(scratch, need),),
    )


def _maximum(call: Call, order: tuple[int, ...]) -> Step:
    args = call.args
    if args.dilation != (1, 1):
        raise call.refuse(
            f"its dilation is {times(args.dilation)}, the kernel knows 1x1",
            "use MaxPool2d without dilation",
        )
    if args.ceil_mode:
        raise call.refuse("ceil_mode is not supported", "use MaxPool2d with ceil_mode=False")
    if args.input_zero_point != args.output_zero_point:
        raise call.refuse(
            "input and output have different zero points, the kernel does not requantize",
            "let input and output share their quantization (CortexMQuantizer does)",
        )
    call.require_bounds(args.activation_min, args.activation_max)
    source, target = _shapes(call, order)
    return Step(
        instruction=call.instruction,
        kernel="cortex_m_quantized_max_pool2d",
        summary=_summary(call, source, target),
        arguments=(
            Pointer("input", args.input),
            PARAMETERS,
            Pointer("output", args.out, writable=True),
        ),
        parameters={
            **_windows(call, source, target),
            "activation_min": args.activation_min,
            "activation_max": args.activation_max,
        },
    )


def _shapes(call: Call, order: tuple[int, ...]) -> tuple[Dims, Dims]:
    """Input and output, checked against each other."""
    args = call.args
    call.require_dtype(DType.INT8, input=args.input, out=args.out)
    source = call.nhwc("the input", args.input, order)
    target = call.nhwc("the output", args.out, order)
    if min(args.kernel + args.stride) < 1 or min(args.padding) < 0:
        raise call.damaged("its kernel, stride or padding is impossible")
    # Every window has at least one element of the input in it.
    sides = both_sides(args.padding)
    if any(
        2 * pad > window for side in sides for pad, window in zip(side, args.kernel, strict=True)
    ):
        raise call.damaged("its padding is more than half its kernel")
    expected = (
        source.n,
        *(
            pooled(size, window, stride, before, after, args.ceil_mode)
            for size, window, stride, before, after in zip(
                source[1:3], args.kernel, args.stride, *sides, strict=True
            )
        ),
        source.c,
    )
    if target != expected:
        raise call.damaged(f"the output is {times(target)}, not {times(expected)}")
    return source, target


def pooled(size: int, window: int, stride: int, before: int, after: int, ceil_mode: bool) -> int:
    """The pooled size; with ceil_mode no window starts in the padding at the end."""
    room = size + before + after - window + (stride - 1 if ceil_mode else 0)
    pooled = room // stride + 1
    if ceil_mode and (pooled - 1) * stride >= size + before:
        pooled -= 1
    return pooled


def _windows(call: Call, source: Dims, target: Dims) -> dict[str, Field]:
    args = call.args
    return {
        "input": source,
        "output": target,
        "kernel_h": args.kernel[0],
        "kernel_w": args.kernel[1],
        "stride_h": args.stride[0],
        "stride_w": args.stride[1],
        "pad_h": args.padding[0],
        "pad_w": args.padding[1],
    }


def _summary(call: Call, source: Dims, target: Dims) -> str:
    return f"{times(source)}, windows of {times(call.args.kernel)} -> {times(target)}"
