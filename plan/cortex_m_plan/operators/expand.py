# SPDX-License-Identifier: Apache-2.0
"""Repetition and reversal of elements."""

from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.operators.strided import strided
from cortex_m_plan.operators.text import times
from cortex_m_plan.step import Step


@operator("aten::expand_copy.out", "input:tensor size:ints implicit:bool out:out")
def expand_copy(call: Call) -> Step:
    """Dimensions of size 1, and new ones before the others, repeated."""
    source, target = call.args.input, call.out
    added = len(target.sizes) - len(source.sizes)
    sizes = (1,) * added + source.sizes
    if added < 0 or any(a not in (1, b) for a, b in zip(sizes, target.sizes, strict=True)):
        raise call.damaged(f"{times(source.sizes)} cannot be expanded to {times(target.sizes)}")
    strides = [
        0 if size == 1 else stride
        for size, stride in zip(sizes, (0,) * added + source.strides, strict=True)
    ]
    return strided(call, source, target, target.sizes, strides, target.strides)


@operator("aten::repeat.out", "input:tensor repeats:ints out:out")
def repeat(call: Call) -> Step:
    """The tensor beside itself, repeats[d] times along each dimension of the output."""
    source, target = call.args.input, call.out
    added = len(target.sizes) - len(source.sizes)
    sizes = (1,) * added + source.sizes
    repeats = call.args.repeats
    if added < 0 or target.sizes != tuple(a * b for a, b in zip(repeats, sizes, strict=False)):
        raise call.damaged(f"{times(source.sizes)}, repeated, is not {times(target.sizes)}")
    loops = []
    strides = (0,) * added + source.strides
    for times_over, size, own, step in zip(repeats, sizes, strides, target.strides, strict=True):
        loops += [(times_over, 0, step * size), (size, own, step)]
    return strided(call, source, target, *zip(*loops, strict=True))


@operator("aten::flip.out", "input:tensor dims:ints out:out")
def flip(call: Call) -> Step:
    source, target = call.args.input, call.out
    if source.sizes != target.sizes:
        raise call.damaged("input and output differ in shape")
    strides = list(source.strides)
    at = 0
    for dim in {call.dimension(source, dim) for dim in call.args.dims}:
        at += (source.sizes[dim] - 1) * strides[dim]
        strides[dim] = -strides[dim]
    return strided(call, source, target, source.sizes, strides, target.strides, source_at=at)
