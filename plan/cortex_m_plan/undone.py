# SPDX-License-Identifier: Apache-2.0
"""Copies that another copy undoes: permuted there and back, squeezed and permuted into order.

Where the second one's result is its first one's source, byte for byte, it is made of that source,
if the source is still there; and the first one need not be made if nothing else reads its result.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from math import prod

from cortex_m_plan import memory
from cortex_m_plan.errors import PlanError
from cortex_m_plan.memory import Memory, Value
from cortex_m_plan.operators import Call, steps
from cortex_m_plan.program import Program, Tensor
from cortex_m_plan.step import Pointer, Step

UNREAD = "undone by the copies that read it"

_MOST_ELEMENTS = 1 << 17  # they are followed one by one

_Steps = list[tuple[Step, ...]]


def undo(
    program: Program, calls: list[Call], made: _Steps, planned: Memory
) -> tuple[list[Call], _Steps, Memory]:
    """The calls without copies that undo each other, what they become, and their memory."""
    for second in range(len(calls)):
        first = _writer(calls, planned, second) if _source(made[second]) else None
        if first is None or not _undoes(made[first], made[second]):
            continue
        source, target = _source(made[first]), calls[second].out
        shorter = list(calls)
        shorter[second] = replace(calls[second], copies=(source, target))
        if _only_reader(calls, planned, first, second):
            shorter[first] = replace(calls[first], unread=UNREAD)
        try:
            done = list(made)
            done[first], done[second] = steps(shorter[first]), steps(shorter[second])
            planned = memory.analyse(program, shorter, done)
        except PlanError:  # the source is no longer there
            continue
        calls, made = shorter, done
    return calls, made, planned


def _source(made: tuple[Step, ...]) -> Tensor | None:
    """What a copy of one whole tensor to another copies; None for anything else."""
    if len(made) != 1:
        return None
    (step,) = made
    if step.move is not None:
        move = step.move
        whole = move.bytes == move.source.bytes == move.target.bytes
        return move.source if whole else None
    if step.kernel != "cortex_m_permute_copy":
        return None
    source, target = (item for item in step.arguments if isinstance(item, Pointer))
    count = prod(step.parameters["output_dims"][: step.parameters["rank"]])
    whole = count == source.tensor.elements == target.tensor.elements
    return source.tensor if whole and count <= _MOST_ELEMENTS else None


def _writer(calls: Sequence[Call], planned: Memory, second: int) -> int | None:
    """The instruction whose result a copy reads."""
    if not planned.accesses[second].reads:
        return None
    (value,) = planned.accesses[second].reads
    for index in reversed(range(second)):
        if any(write is value for write in planned.accesses[index].writes):
            return index
    return None


def _only_reader(calls: Sequence[Call], planned: Memory, first: int, second: int) -> bool:
    (value,) = planned.accesses[first].writes
    others: list[Value] = [*planned.outputs]
    for index, access in enumerate(planned.accesses):
        others += access.reads if index != second else ()
    return not any(other is value for other in others)


def _undoes(one: tuple[Step, ...], other: tuple[Step, ...]) -> bool:
    """Whether two copies after each other leave every element where it was."""
    if _source(one) is None or (one[0].move is not None and other[0].move is not None):
        return False
    came_from = _order(one[0])
    return all(came_from[middle] == place for place, middle in enumerate(_order(other[0])))


def _order(step: Step) -> list[int]:
    """For each element of the target, the element of the source that it is."""
    if step.move is not None:
        return list(range(step.move.source.elements))
    numbers = step.parameters
    rank = numbers["rank"]
    order = [0] * prod(numbers["output_dims"][:rank])
    loops = [range(size) for size in numbers["output_dims"][:rank]]
    for index in product(*loops):
        place = sum(i * s for i, s in zip(index, numbers["output_strides"], strict=False))
        order[place] = sum(i * s for i, s in zip(index, numbers["input_strides"], strict=False))
    return order
