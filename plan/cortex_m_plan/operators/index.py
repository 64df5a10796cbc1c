# SPDX-License-Identifier: Apache-2.0
"""Selection by tensors of indices."""

from collections.abc import Sequence
from math import prod

from cortex_m_plan.broadcast import shape_of
from cortex_m_plan.layout import is_contiguous, memory_order, memory_split
from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import DType, Tensor
from cortex_m_plan.step import PARAMETERS, Pointer, Step

_RANK = 4  # CORTEX_M_INDEX_RANK


@operator("aten::index_select.out", "input:tensor dim:int index:tensor out:out")
def index_select(call: Call) -> Step:
    """Along one dimension; input and output may lie in any memory order, if it is the same."""
    source, index, out = call.args.input, call.args.index, call.out
    dim = call.dimension(source, call.args.dim)
    expected = (*source.sizes[:dim], index.elements, *source.sizes[dim + 1 :])
    if out.sizes != expected:
        raise call.damaged(f"the output is {times(out.sizes)}, not {times(expected)}")
    kept = tuple(d for d in memory_order(source) if d != dim)
    there = tuple(d for d in memory_order(out) if d != dim)
    split, output_split = memory_split(source, dim), memory_split(out, dim)
    if kept != there or (split[0], split[2]) != (output_split[0], output_split[2]):
        raise call.refuse(
            "input and output lie differently in memory",
            "give both the same memory format (channels_last) in the model",
        )
    outer, size, inner = split
    return _step(call, source, outer, [size], inner, [index], (index.elements,), [(1,)])


@operator(
    "aten::embedding.out",
    "weight:tensor indices:tensor padding_idx:any scale_grad_by_freq:any sparse:any out:out",
)
def embedding(call: Call) -> Step:
    weight, indices = call.args.weight, call.args.indices
    _require_contiguous(call, weight, indices)
    if len(weight.sizes) != 2 or call.out.sizes != (*indices.sizes, weight.sizes[1]):
        raise call.damaged("the output does not have a row of the weight for each index")
    count = indices.elements
    return _step(call, weight, 1, [weight.sizes[0]], weight.sizes[1], [indices], (count,), [(1,)])


@operator("aten::index.Tensor_out", "input:tensor indices:tensors? out:out")
def index(call: Call) -> Step:
    """Neighbouring dimensions, each by a tensor; these are broadcast together."""
    source = call.args.input
    given = [(dim, item) for dim, item in enumerate(call.args.indices) if item is not None]
    if not given or given[-1][0] >= len(source.sizes):
        raise call.damaged("its indices are for other dimensions than the input has")
    dims = [dim for dim, _ in given]
    tensors = [item for _, item in given]
    if dims != list(range(dims[0], dims[0] + len(dims))) or len(dims) > _RANK:
        raise call.refuse(
            f"it indexes dimensions {dims}, the kernel up to {_RANK} neighbouring ones",
            "index neighbouring dimensions, or use index_select for each",
        )
    _require_contiguous(call, source, *tensors)
    sizes: tuple[int, ...] | None = ()
    for tensor in tensors:
        sizes = shape_of(sizes, tensor.sizes) if sizes is not None else None
    if sizes is None or len(sizes) > _RANK:
        raise call.refuse(
            "its indices are broadcast to more dimensions than the kernel knows",
            f"use index tensors of {_RANK} dimensions at most",
        )
    expected = source.sizes[: dims[0]] + sizes + source.sizes[dims[-1] + 1 :]
    if call.out.sizes != expected:
        raise call.damaged(f"the output is {times(call.out.sizes)}, not {times(expected)}")
    strides = []
    for tensor in tensors:
        own = (0,) * (len(sizes) - len(tensor.sizes)) + tensor.strides
        full = (1,) * (len(sizes) - len(tensor.sizes)) + tensor.sizes
        strides.append(
            tuple(0 if size == 1 else step for size, step in zip(full, own, strict=True))
        )
    return _step(
        call,
        source,
        prod(source.sizes[: dims[0]]),
        [source.sizes[dim] for dim in dims],
        prod(source.sizes[dims[-1] + 1 :]),
        tensors,
        sizes,
        strides,
    )


def _require_contiguous(call: Call, *tensors: Tensor) -> None:
    for tensor in (*tensors, call.out):
        if not is_contiguous(tensor):
            raise call.refuse(
                f"%{tensor.id} is not contiguous in memory", "call .contiguous() before indexing"
            )


def _step(
    call: Call,
    source: Tensor,
    outer: int,
    sizes: Sequence[int],
    inner: int,
    indices: Sequence[Tensor],
    dims: tuple[int, ...],
    strides: Sequence[tuple[int, ...]],
) -> Step:
    call.require_dtype(source.dtype, out=call.out)
    (dtype, *others) = {tensor.dtype for tensor in indices}
    if others or dtype not in (DType.INT64, DType.INT32):
        raise call.refuse(
            "its indices are not all int64, or all int32",
            "index with integer tensors; a mask of bools gives a shape that is not static",
        )
    missing = len(indices)
    return Step(
        instruction=call.instruction,
        kernel="cortex_m_index",
        summary=f"{times(dims)} of {times(source.physical_sizes)} "
        f"-> {times(call.out.physical_sizes)}",
        arguments=(
            Pointer("input", source),
            *(Pointer("index", tensor) for tensor in indices),
            *(Pointer("no index", None) for _ in range(_RANK - missing)),
            PARAMETERS,
            Pointer("output", call.out, writable=True),
        ),
        parameters={
            "outer": outer,
            "inner_bytes": inner * source.dtype.size,
            "index_bytes": dtype.size,
            "indexed": len(indices),
            "sizes": _filled(sizes, _RANK),
            "rank": len(dims),
            "dims": _filled(dims, _RANK),
            "strides": _filled([s for own in strides for s in _filled(own, _RANK)], _RANK * _RANK),
        },
    )


def _filled(numbers: Sequence[int], count: int) -> tuple[int, ...]:
    return (*numbers, *(0,) * (count - len(numbers)))
