# SPDX-License-Identifier: Apache-2.0
"""Operators that move all elements of a tensor: clones, changes of memory order or type,
reshapes, permutations."""

from collections.abc import Callable

from cortex_m_plan.layout import is_contiguous, same_layout
from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.registry import Emitter, operator
from cortex_m_plan.operators.strided import strided
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import DType, Tensor
from cortex_m_plan.step import PARAMETERS, Pointer, Step

COPIES: set[str] = set()
"""The operators of this module: they change where elements lie, and mostly nothing else."""

# CORTEX_M_CONVERT_...
_CONVERT = {
    DType.UINT8: 0,
    DType.INT8: 1,
    DType.INT16: 2,
    DType.INT32: 3,
    DType.INT64: 4,
    DType.FLOAT32: 6,
    DType.BOOL: 11,
}


def _copies(name: str, signature: str) -> Callable[[Emitter], Emitter]:
    COPIES.add(name)
    return operator(name, signature)


@_copies("dim_order_ops::_clone_dim_order.out", "input:tensor non_blocking:any order:any out:out")
@_copies("dim_order_ops::_to_dim_order_copy.out", "input:tensor non_blocking:any order:any out:out")
@_copies("aten::_to_copy.out", "input:tensor non_blocking:any memory_format:any out:out")
@_copies("aten::clone.out", "input:tensor memory_format:any out:out")
@_copies("aten::alias_copy.out", "input:tensor out:out")
@_copies("aten::detach_copy.out", "input:tensor out:out")
@_copies("aten::lift_fresh_copy.out", "input:tensor out:out")
def clone(call: Call) -> Step:
    """The same tensor, perhaps in another memory order, or of another type."""
    source, target = call.args.input, call.out
    if source.sizes != target.sizes:
        raise call.damaged("input and output differ in shape")
    if source.dtype is not target.dtype:
        return _convert(call, source, target)
    return strided(call, source, target, source.sizes, source.strides, target.strides)


@_copies("aten::view_copy.out", "input:tensor size:any out:out")
@_copies("aten::_unsafe_view.out", "input:tensor size:any out:out")
@_copies("aten::squeeze_copy.out", "input:tensor out:out")
@_copies("aten::squeeze_copy.dim_out", "input:tensor dim:any out:out")
@_copies("aten::squeeze_copy.dims_out", "input:tensor dims:any out:out")
@_copies("aten::unsqueeze_copy.out", "input:tensor dim:any out:out")
@_copies("executorch_prim::et_view.default", "input:tensor size:any out:result")
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
    strides = []
    step = 1
    for size in reversed(source.sizes):
        strides.insert(0, step)
        step *= size
    return strided(call, source, call.out, source.sizes, source.strides, strides)


@_copies("aten::permute_copy.out", "input:tensor dims:ints out:out")
@_copies("cortex_m::transpose.out", "input:tensor dims:ints out:out")
@_copies("aten::transpose_copy.int_out", "input:tensor dim0:int dim1:int out:out")
@_copies("aten::t_copy.out", "input:tensor out:out")
def permute(call: Call) -> Step:
    source, order = call.args.input, permutation(call)
    if sorted(order) != list(range(len(source.sizes))):
        raise call.damaged(f"{order} is no permutation of its dimensions")
    if call.out.sizes != tuple(source.sizes[dim] for dim in order):
        raise call.damaged("the output does not have the permuted shape")
    strides = [source.strides[dim] for dim in order]
    return strided(call, source, call.out, call.out.sizes, strides, call.out.strides)


def permutation(call: Call) -> tuple[int, ...]:
    """Of each dimension of a permutation's output, which one of the input it is."""
    source = call.args.input
    dims = tuple(range(len(source.sizes)))
    match call.instruction.operator:
        case "aten::t_copy.out":
            return dims[::-1]
        case "aten::transpose_copy.int_out":
            one, other = (call.dimension(source, d) for d in (call.args.dim0, call.args.dim1))
            swapped = {one: other, other: one}
            return tuple(swapped.get(dim, dim) for dim in dims)
        case _:
            return tuple(dim + len(dims) if dim < 0 else dim for dim in call.args.dims)


def _convert(call: Call, source: Tensor, target: Tensor) -> Step:
    if not same_layout(source, target):
        raise call.refuse(
            f"it converts {source.dtype.label} to {target.dtype.label} "
            "and changes the memory order at once",
            "do one after the other in the model",
        )
    return Step(
        instruction=call.instruction,
        kernel="cortex_m_convert",
        summary=f"{times(source.physical_sizes)} {source.dtype.label} -> {target.dtype.label}",
        arguments=(
            Pointer("input", source),
            PARAMETERS,
            Pointer("output", target, writable=True),
        ),
        parameters={
            "count": source.elements,
            "from": _CONVERT[source.dtype],
            "to": _CONVERT[target.dtype],
        },
    )
