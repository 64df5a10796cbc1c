# SPDX-License-Identifier: Apache-2.0
"""Tensors made of nothing: constants and ranges of numbers; and padding with a constant."""

import struct

from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.operators.strided import strided
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import DType
from cortex_m_plan.step import PARAMETERS, Pointer, Step

_FORMATS = {
    DType.FLOAT32: "<f4x",
    DType.INT8: "<b7x",
    DType.UINT8: "<B7x",
    DType.INT16: "<h6x",
    DType.INT32: "<i4x",
    DType.INT64: "<q",
    DType.BOOL: "<?7x",
}
_RANGES = {DType.FLOAT32: "f32", DType.INT64: "s64", DType.INT32: "s32"}


@operator("aten::full.out", "size:any value:number out:out")
@operator("aten::full_like.out", "input:any value:number memory_format:any out:out")
@operator("aten::scalar_tensor.out", "value:number out:out")
def full(call: Call) -> Step:
    return _fill(call, call.args.value)


@operator("aten::zeros.out", "size:any out:out")
@operator("aten::zeros_like.out", "input:any memory_format:any out:out")
@operator("aten::empty.out", "size:any memory_format:any out:out")
def zeros(call: Call) -> Step:
    return _fill(call, 0)


@operator("aten::ones.out", "size:any out:out")
@operator("aten::ones_like.out", "input:any memory_format:any out:out")
def ones(call: Call) -> Step:
    return _fill(call, 1)


@operator("aten::arange.start_out", "start:number end:number step:number out:out")
def arange_start(call: Call) -> Step:
    return _arange(call, call.args.start, call.args.step)


@operator("aten::arange.out", "end:number out:out")
def arange(call: Call) -> Step:
    return _arange(call, 0, 1)


@operator("aten::constant_pad_nd.out", "input:tensor pad:ints value:number out:out")
def constant_pad_nd(call: Call) -> tuple[Step, ...]:
    """The amounts are before and after the last dimension, the one before it, and so on."""
    source, target = call.args.input, call.out
    rank, pad = len(source.sizes), call.args.pad
    if len(pad) % 2 or len(pad) > 2 * rank:
        raise call.damaged(f"it pads {rank} dimensions by {pad}")
    before, after = [0] * rank, [0] * rank
    for number in range(len(pad) // 2):
        before[rank - 1 - number], after[rank - 1 - number] = pad[2 * number : 2 * number + 2]
    padded = tuple(a + size + b for a, size, b in zip(before, source.sizes, after, strict=True))
    cut = [min(a, 0) + min(b, 0) for a, b in zip(before, after, strict=True)]
    sizes = [size + less for size, less in zip(source.sizes, cut, strict=True)]
    if padded != target.sizes or min(sizes) < 1:
        raise call.damaged(f"{times(source.sizes)}, padded, is not {times(target.sizes)}")
    inside = strided(
        call, source, target, sizes, source.strides, target.strides,
        source_at=sum(-min(a, 0) * step for a, step in zip(before, source.strides, strict=True)),
        target_at=sum(max(a, 0) * step for a, step in zip(before, target.strides, strict=True)),
    )  # fmt: skip
    if max(before + after) <= 0:
        return (inside,)
    return (_fill(call, call.args.value), inside)


def _fill(call: Call, value: float) -> Step:
    out = call.out
    bits = element_bits(call, out.dtype, value)
    return Step(
        instruction=call.instruction,
        kernel="cortex_m_fill",
        summary=f"{times(out.physical_sizes)} {out.dtype.label} of {value}",
        arguments=(PARAMETERS, Pointer("output", out, writable=True)),
        parameters={
            "count": out.elements,
            "element_bytes": out.dtype.size,
            "value_low": bits[0],
            "value_high": bits[1],
        },
    )


def element_bits(call: Call, dtype: DType, value: float) -> tuple[int, ...]:
    """The bits of a number as an element of that type, as two int32."""
    try:
        if dtype is DType.FLOAT32:
            packed = struct.pack(_FORMATS[dtype], value)
        else:
            packed = struct.pack(_FORMATS[dtype], int(value))
    except (struct.error, OverflowError, ValueError):
        raise call.damaged(f"its value {value} is none of {dtype.label}") from None
    return struct.unpack("<ii", packed)


def _arange(call: Call, start: float, step: float) -> Step:
    out = call.out
    if out.dtype not in _RANGES:
        raise call.refuse(
            f"it counts in {out.dtype.label}, the kernel in {_labels()}",
            "use one of these types in the model",
        )
    number = float if out.dtype is DType.FLOAT32 else int
    if number(start) != start or number(step) != step:
        raise call.damaged(f"it counts from {start} in steps of {step}")
    return Step(
        instruction=call.instruction,
        kernel=f"cortex_m_arange_{_RANGES[out.dtype]}",
        summary=f"{out.elements} {out.dtype.label} from {start} in steps of {step}",
        arguments=(PARAMETERS, Pointer("output", out, writable=True)),
        parameters={"count": out.elements, "start": number(start), "step": number(step)},
    )


def _labels() -> str:
    return ", ".join(dtype.label for dtype in _RANGES)
