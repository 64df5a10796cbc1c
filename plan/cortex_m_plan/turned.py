# SPDX-License-Identifier: Apache-2.0
"""Permuted constants that are read in the order in which they lie in flash.

A float32 linear layer reaches the program as a permutation of its weight and a product of
matrices; the kernel of the product takes its operands by their strides.
"""

from collections.abc import Sequence
from dataclasses import replace

from cortex_m_plan.elision import Elision
from cortex_m_plan.memory import Memory
from cortex_m_plan.operators import Call
from cortex_m_plan.operators.copy import permutation
from cortex_m_plan.step import Step

TURNED = "read from flash in the order in which it lies there"

_PERMUTATIONS = {"aten::permute_copy.out", "aten::t_copy.out", "aten::transpose_copy.int_out"}
_READERS = {"aten::mm.out", "aten::bmm.out", "aten::addmm.out", "aten::baddbmm.out"}


def turn(
    calls: list[Call], steps: Sequence[tuple[Step, ...]], planned: Memory
) -> tuple[list[Call], Elision]:
    """The calls without such permutations, and where their results are read instead."""
    places = {}
    turned = list(calls)
    for index, (call, made) in enumerate(zip(calls, steps, strict=True)):
        source = call.args.input if call.instruction.operator in _PERMUTATIONS else None
        if source is None or source.constant is None or made[0].kernel != "cortex_m_permute_copy":
            continue
        if _is_read_by_strides(calls, planned, index):
            places[call.out.id] = {
                "offset": source.offset,
                "constant": source.constant,
                "dim_order": tuple(permutation(call).index(dim) for dim in source.dim_order),
            }
            turned[index] = replace(call, unread=TURNED)
    return turned, Elision(places, {})


def _is_read_by_strides(calls: Sequence[Call], planned: Memory, index: int) -> bool:
    """Whether all that read the result take its strides, and read it under its own name."""
    (value,) = planned.accesses[index].writes
    if any(output is value for output in planned.outputs):
        return False
    name = calls[index].out.id
    for call, access in zip(calls, planned.accesses, strict=True):
        for tensor, read in zip(call.reads, access.reads, strict=True):
            if read is value and (tensor.id != name or call.instruction.operator not in _READERS):
                return False
    return True
