# SPDX-License-Identifier: Apache-2.0
"""Parts of a tensor: slices, selections, splits, and views by strides."""

from cortex_m_plan.layout import is_contiguous
from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.operators.strided import strided
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import Tensor
from cortex_m_plan.step import Step


@operator(
    "aten::slice_copy.Tensor_out", "input:tensor dim:int start:int? end:int? step:int out:out"
)
def slice_copy(call: Call) -> Step:
    args = call.args
    dim = call.dimension(args.input, args.dim)
    size = args.input.sizes[dim]
    if args.step < 1:
        raise call.damaged(f"its step is {args.step}")
    start = _clipped(0 if args.start is None else args.start, size)
    end = max(start, _clipped(size if args.end is None else args.end, size))
    count = -(-(end - start) // args.step)
    return _part(call, call.out, dim, start, args.step, count)


@operator("aten::narrow_copy.out", "input:tensor dim:int start:int length:int out:out")
def narrow_copy(call: Call) -> Step:
    dim = call.dimension(call.args.input, call.args.dim)
    return _part(call, call.out, dim, call.args.start, 1, call.args.length)


@operator("aten::select_copy.int_out", "input:tensor dim:int index:int out:out")
def select_copy(call: Call) -> Step:
    args = call.args
    dim = call.dimension(args.input, args.dim)
    size = args.input.sizes[dim]
    index = args.index + size if args.index < 0 else args.index
    return _selected(call, call.out, dim, index)


@operator("aten::unbind_copy.int_out", "input:tensor dim:int out:outs")
def unbind_copy(call: Call) -> tuple[Step, ...]:
    dim = call.dimension(call.args.input, call.args.dim)
    if len(call.outs) != call.args.input.sizes[dim]:
        raise call.damaged(f"it has {len(call.outs)} outputs")
    return tuple(_selected(call, out, dim, index) for index, out in enumerate(call.outs))


@operator("aten::split_copy.Tensor_out", "input:tensor size:int dim:int out:outs")
def split_copy(call: Call) -> tuple[Step, ...]:
    args = call.args
    dim = call.dimension(args.input, args.dim)
    if args.size < 1:
        raise call.damaged(f"its parts have {args.size} elements")
    length = args.input.sizes[dim]
    return _split(
        call, dim, tuple(min(args.size, length - at) for at in range(0, length, args.size))
    )


@operator("aten::split_with_sizes_copy.out", "input:tensor sizes:ints dim:int out:outs")
def split_with_sizes_copy(call: Call) -> tuple[Step, ...]:
    return _split(call, call.dimension(call.args.input, call.args.dim), call.args.sizes)


@operator("aten::as_strided_copy.out", "input:tensor size:ints stride:ints offset:int? out:out")
def as_strided_copy(call: Call) -> Step:
    """Elements of the input's memory, which PyTorch has in the order of the logical indices."""
    args = call.args
    at = args.offset or 0
    if call.out.sizes != args.size or len(args.size) != len(args.stride):
        raise call.damaged("the output does not have the shape that is asked for")
    reach = at + sum((n - 1) * s for n, s in zip(args.size, args.stride, strict=True))
    if min((at, *args.stride)) < 0 or reach >= args.input.elements:
        raise call.damaged("its strides reach beyond the input")
    if not is_contiguous(args.input):
        raise call.refuse(
            "the input is not contiguous in memory", "call .contiguous() before as_strided"
        )
    return strided(
        call, args.input, call.out, args.size, args.stride, call.out.strides, source_at=at
    )


def _split(call: Call, dim: int, sizes: tuple[int, ...]) -> tuple[Step, ...]:
    if len(sizes) != len(call.outs) or sum(sizes) != call.args.input.sizes[dim]:
        raise call.damaged(f"{times(call.args.input.sizes)} cannot be split into {sizes}")
    steps = []
    start = 0
    for out, size in zip(call.outs, sizes, strict=True):
        steps.append(_part(call, out, dim, start, 1, size))
        start += size
    return tuple(steps)


def _part(call: Call, out: Tensor, dim: int, start: int, step: int, count: int) -> Step:
    """Every `step`-th element along a dimension."""
    source = call.args.input
    sizes = (*source.sizes[:dim], count, *source.sizes[dim + 1 :])
    inside = start >= 0 and start + (count - 1) * step < source.sizes[dim]
    if not inside or count < 1 or out.sizes != sizes:
        raise call.damaged(
            f"{count} of {times(source.sizes)} from {start} do not give {times(out.sizes)}"
        )
    strides = list(source.strides)
    at = start * strides[dim]
    strides[dim] *= step
    return strided(call, source, out, sizes, strides, out.strides, source_at=at)


def _selected(call: Call, out: Tensor, dim: int, index: int) -> Step:
    """One place of a dimension, which is gone from the output."""
    source = call.args.input
    sizes = source.sizes[:dim] + source.sizes[dim + 1 :]
    if not 0 <= index < source.sizes[dim] or out.sizes != sizes:
        raise call.damaged(
            f"place {index} of {times(source.sizes)} does not give {times(out.sizes)}"
        )
    strides = source.strides[:dim] + source.strides[dim + 1 :]
    return strided(
        call, source, out, sizes, strides, out.strides, source_at=index * source.strides[dim]
    )


def _clipped(index: int, size: int) -> int:
    """A slice's bound, counted from the end where negative, inside the dimension."""
    return min(max(index + size if index < 0 else index, 0), size)
