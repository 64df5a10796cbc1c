# SPDX-License-Identifier: Apache-2.0
"""Operators that move elements: clones, changes of memory order, reshapes, permutations."""

from collections.abc import Callable

from cortex_m_plan.layout import Walk, is_contiguous, walk
from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.registry import Emitter, operator
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import Tensor
from cortex_m_plan.step import PARAMETERS, Pointer, Step

COPIES: set[str] = set()
"""The operators of this module: they change where elements lie, and nothing else."""

_MAX_RANK = 6  # CORTEX_M_PERMUTE_COPY_RANK


def _copies(name: str, signature: str) -> Callable[[Emitter], Emitter]:
    COPIES.add(name)
    return operator(name, signature)


@_copies("dim_order_ops::_clone_dim_order.out", "input:tensor non_blocking:any order:any out:out")
@_copies("dim_order_ops::_to_dim_order_copy.out", "input:tensor non_blocking:any order:any out:out")
@_copies("aten::clone.out", "input:tensor memory_format:any out:out")
def clone(call: Call) -> Step:
    """The same tensor, perhaps in another memory order."""
    if call.args.input.sizes != call.out.sizes:
        raise call.damaged("input and output differ in shape")
    return _copy(call, call.args.input, tuple(range(len(call.out.sizes))))


@_copies("aten::view_copy.out", "input:tensor size:any out:out")
@_copies("aten::_unsafe_view.out", "input:tensor size:any out:out")
@_copies("aten::squeeze_copy.out", "input:tensor out:out")
@_copies("aten::squeeze_copy.dim_out", "input:tensor dim:any out:out")
@_copies("aten::squeeze_copy.dims_out", "input:tensor dims:any out:out")
@_copies("aten::unsqueeze_copy.out", "input:tensor dim:any out:out")
def reshape(call: Call) -> Step:
    """The same elements, in the order of their logical indices, under another shape."""
    source = call.args.input
    if source.elements != call.out.elements:
        raise call.damaged("input and output differ in size")
    if not is_contiguous(call.out):
        raise call.refuse(
            "the output is not contiguous in memory", "reshape to a contiguous tensor"
        )
    # A contiguous output is laid out as the input's logical indices run.
    rank = len(source.sizes)
    target = Tensor(call.out.id, source.dtype, source.sizes, tuple(range(rank)), call.out.offset)
    return _copy(call, source, tuple(range(rank)), target)


@_copies("aten::permute_copy.out", "input:tensor dims:ints out:out")
@_copies("cortex_m::transpose.out", "input:tensor dims:ints out:out")
def permute(call: Call) -> Step:
    rank = len(call.args.input.sizes)
    permutation = tuple(dim + rank if dim < 0 else dim for dim in call.args.dims)
    return _permute(call, permutation)


@_copies("aten::transpose_copy.int_out", "input:tensor dim0:int dim1:int out:out")
def transpose(call: Call) -> Step:
    rank = len(call.args.input.sizes)
    dims = list(range(rank))
    one, other = (d + rank if d < 0 else d for d in (call.args.dim0, call.args.dim1))
    if not (0 <= one < rank and 0 <= other < rank):
        raise call.damaged(f"a tensor of {rank} dimensions has no such dimensions to swap")
    dims[one], dims[other] = dims[other], dims[one]
    return _permute(call, tuple(dims))


def _permute(call: Call, permutation: tuple[int, ...]) -> Step:
    source = call.args.input
    if sorted(permutation) != list(range(len(source.sizes))):
        raise call.damaged(f"{permutation} is no permutation of its dimensions")
    if call.out.sizes != tuple(source.sizes[dim] for dim in permutation):
        raise call.damaged("the output does not have the permuted shape")
    return _copy(call, source, permutation)


def _copy(
    call: Call, source: Tensor, permutation: tuple[int, ...], target: Tensor | None = None
) -> Step:
    if source.dtype is not call.out.dtype:
        raise call.refuse(
            f"it converts {source.dtype.label} to {call.out.dtype.label}",
            "keep one dtype between quantize and dequantize",
        )
    way = walk(source, permutation, target or call.out)
    if way.is_straight:
        return straight(call)
    if len(way.sizes) > _MAX_RANK:
        raise call.refuse(
            f"it permutes {len(way.sizes)} dimensions, the kernel takes {_MAX_RANK}",
            "permute tensors of lower rank",
        )
    return Step(
        instruction=call.instruction,
        kernel="cortex_m_permute_copy",
        summary=f"{times(source.physical_sizes)} -> {times(call.out.physical_sizes)}, "
        "in another memory order",
        arguments=(
            Pointer("input", source),
            PARAMETERS,
            Pointer("output", call.out, writable=True),
        ),
        parameters=_parameters(source, way),
    )


def _parameters(source: Tensor, way: Walk) -> dict[str, int | tuple[int, ...]]:
    unused = (0,) * (_MAX_RANK - len(way.sizes))
    return {
        "element_bytes": source.dtype.size,
        "rank": len(way.sizes),
        "output_dims": way.sizes + unused,
        "input_strides": way.strides + unused,
    }


def straight(call: Call) -> Step:
    """A copy of bytes; nothing at all if they are there already."""
    source = call.args.input
    shape = times(source.physical_sizes)
    if source.constant is None and source.offset == call.out.offset:
        return Step(call.instruction, "", f"{shape}, in place already")
    return Step(
        instruction=call.instruction,
        kernel="memcpy",
        summary=f"{shape}, {source.bytes} B as they are",
        arguments=(
            Pointer("output", call.out, writable=True),
            Pointer("input", source),
            source.bytes,
        ),
    )
