# SPDX-License-Identifier: Apache-2.0
"""Constant padding."""

from cortex_m_plan.layout import is_ordered
from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.operators.strided import straight
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import DType, Tensor
from cortex_m_plan.step import PARAMETERS, Pointer, Step

_RANK = 4

# pre_pad and post_pad are in memory order if the lowering took the tensor for channels-last.
_NHWC_INVERSE = (0, 3, 1, 2)


@operator("cortex_m::pad.out", "input:tensor pre:ints post:ints value:int out:out")
def pad(call: Call) -> Step:
    args = call.args
    dtype = args.input.dtype
    if dtype not in (DType.INT8, DType.INT16, DType.INT32):
        raise call.refuse(
            f"the input is {dtype.label}, the kernel takes int8, int16 or int32",
            "quantize the model to int8 (cortex_m_lowering does)",
        )
    call.require_dtype(dtype, out=args.out)
    if not dtype.low <= args.value <= dtype.high:
        raise call.damaged(f"its value is {args.value}")
    rank = len(args.input.sizes)
    if rank > _RANK or not len(args.pre) == len(args.post) == _RANK:
        raise call.damaged(f"it pads {rank} dimensions, by {args.pre} and {args.post}")
    pre, post = paddings(call)
    sizes = (1,) * (_RANK - rank) + args.input.sizes
    padded = tuple(a + size + b for a, size, b in zip(pre, sizes, post, strict=True))
    if padded != (1,) * (_RANK - rank) + args.out.sizes:
        raise call.damaged(f"{times(sizes)} padded is {times(padded)}, not the output's shape")

    # Where a dimension of size 1 is padded, only the output tells where it lies in memory.
    order = args.out.dim_order
    if not is_ordered(args.input, order):
        raise call.refuse(
            "input and output lie differently in memory",
            "give both the same memory format (channels_last) in the model",
        )
    if not any(pre) and not any(post):
        return straight(call)
    missing = tuple(range(_RANK - rank))
    physical = missing + tuple(dim + len(missing) for dim in order)
    source = tuple(sizes[dim] for dim in physical)
    return Step(
        instruction=call.instruction,
        kernel="cortex_m_pad",
        summary=f"{times(source)} -> {times(args.out.physical_sizes)}, with {args.value}",
        arguments=(
            Pointer("input", args.input),
            PARAMETERS,
            Pointer("output", args.out, writable=True),
        ),
        parameters={
            "element_bytes": dtype.size,
            "input": source,
            "pre": tuple(pre[dim] for dim in physical),
            "post": tuple(post[dim] for dim in physical),
            "value": args.value,
        },
    )


def paddings(call: Call) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """How many elements a call adds before and behind each of the last four logical dimensions."""
    args = call.args
    return _logical(args.input, args.pre), _logical(args.input, args.post)


def _logical(tensor: Tensor, padding: tuple[int, ...]) -> tuple[int, ...]:
    if not _is_channels_last(tensor):
        return padding
    return tuple(padding[place] for place in _NHWC_INVERSE)


def _is_channels_last(tensor: Tensor) -> bool:
    """The lowering's own question, word for word: its answer decided the order of the padding."""
    if len(tensor.sizes) != _RANK:
        return False
    _, channels, height, width = tensor.sizes
    return channels == 1 or height == width == 1 or tensor.dim_order[:2] == (0, 2)
