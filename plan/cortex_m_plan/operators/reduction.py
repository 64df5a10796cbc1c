# SPDX-License-Identifier: Apache-2.0
"""Sums, means and extremes over dimensions."""

from collections.abc import Sequence

from cortex_m_plan.layout import walk
from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import DType
from cortex_m_plan.step import PARAMETERS, Pointer, Step

_RANK = 6  # CORTEX_M_REDUCTION_RANK


@operator("aten::mean.out", "input:tensor dims:any keepdim:bool dtype:any out:out")
def mean(call: Call) -> Step:
    return _dims(call, "mean", call.args.dims)


@operator("aten::mean.dtype_out", "input:tensor dtype:any out:out")
def mean_of_all(call: Call) -> Step:
    return _dims(call, "mean", None)


@operator("aten::sum.IntList_out", "input:tensor dims:any keepdim:bool dtype:any out:out")
def sum_(call: Call) -> Step:
    return _dims(call, "sum", call.args.dims)


@operator("aten::amax.out", "input:tensor dims:any keepdim:bool out:out")
def amax(call: Call) -> Step:
    return _dims(call, "amax", call.args.dims)


@operator("aten::amin.out", "input:tensor dims:any keepdim:bool out:out")
def amin(call: Call) -> Step:
    return _dims(call, "amin", call.args.dims)


@operator("aten::argmax.out", "input:tensor dim:int? keepdim:bool out:out")
def argmax(call: Call) -> Step:
    return _argument(call, "argmax")


@operator("aten::argmin.out", "input:tensor dim:int? keepdim:bool out:out")
def argmin(call: Call) -> Step:
    return _argument(call, "argmin")


def _argument(call: Call, name: str) -> Step:
    dims = None if call.args.dim is None else (call.args.dim,)
    return _dims(call, name, dims, DType.INT64)


def _dims(call: Call, name: str, dims: Sequence[int] | None, result: DType = DType.FLOAT32) -> Step:
    """Reduces some dimensions; all of them if none is named."""
    source, out = call.args.input, call.out
    call.require_dtype(DType.FLOAT32, input=source)
    call.require_dtype(result, out=out)
    rank = len(source.sizes)
    reduced = {call.dimension(source, dim) for dim in dims or range(rank)}
    kept = [dim for dim in range(rank) if dim not in reduced]
    keepdim = len(out.sizes) == rank
    expected = tuple(
        1 if dim in reduced else source.sizes[dim] for dim in range(rank) if keepdim or dim in kept
    )
    if out.sizes != expected:
        raise call.damaged(f"the output is {times(out.sizes)}, not {times(expected)}")
    places = kept if keepdim else range(len(kept))
    outer = walk(
        [source.sizes[dim] for dim in kept],
        [source.strides[dim] for dim in kept],
        [out.strides[place] for place in places],
    )
    # In logical order, which decides what the first of equal elements is.
    inner = walk(*_in_logical_order(call, sorted(reduced)))
    if max(len(outer.sizes), len(inner.sizes)) > _RANK:
        raise call.refuse(
            f"the kernel walks {_RANK} dimensions that lie apart, this takes more",
            "use tensors of lower rank",
        )
    return Step(
        instruction=call.instruction,
        kernel=f"cortex_m_{name}_f32",
        summary=f"{times(source.physical_sizes)} -> {times(out.physical_sizes)}",
        arguments=(
            Pointer("input", source),
            PARAMETERS,
            Pointer("output", out, writable=True),
        ),
        parameters={
            "kept": len(outer.sizes),
            "reduced": len(inner.sizes),
            "kept_dims": _filled(outer.sizes),
            "kept_strides": _filled(outer.source_strides),
            "reduced_dims": _filled(inner.sizes),
            "reduced_strides": _filled(inner.source_strides),
        },
    )


def _in_logical_order(call: Call, dims: Sequence[int]) -> tuple[list[int], list[int], list[int]]:
    """Sizes, the input's strides, and the strides of a tensor of these dimensions alone."""
    source = call.args.input
    sizes = [source.sizes[dim] for dim in dims]
    strides = []
    step = 1
    for size in reversed(sizes):
        strides.insert(0, step)
        step *= size
    return sizes, [source.strides[dim] for dim in dims], strides


def _filled(numbers: tuple[int, ...]) -> tuple[int, ...]:
    return numbers + (0,) * (_RANK - len(numbers))
