# SPDX-License-Identifier: Apache-2.0
"""A program whose calls are made in another order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from cortex_m_plan import memory
from cortex_m_plan.errors import PlanError
from cortex_m_plan.memory import Memory
from cortex_m_plan.operators import Call
from cortex_m_plan.order.memory import graph, waits
from cortex_m_plan.order.search import search
from cortex_m_plan.program import Program
from cortex_m_plan.sources import sources
from cortex_m_plan.step import Step


@dataclass(frozen=True)
class Ordered:
    """A program in the order in which it runs.

    Instructions keep their numbers; moments of `planned` are positions in the new order.

    Attributes:
        changed: whether it is another order than the program's.
    """

    program: Program
    calls: list[Call]
    steps: list[tuple[Step, ...]]
    planned: Memory
    changed: bool


def reorder(
    program: Program,
    calls: Sequence[Call],
    steps: Sequence[tuple[Step, ...]],
    planned: Memory,
    choose: Callable[[Step], Step],
) -> Ordered:
    """The calls in the order with the lowest peak; as they are unless another order is better.

    The peak is an estimate: at every step the bytes of all that lives, the scratch, and the output
    less what it may cover of inputs that die. A placement can need more.

    Args:
        program: with its tensors spread.
        choose: gives a step its kernel and its ways; asked only if there is another order.
    """
    as_it_is = Ordered(program, list(calls), list(steps), planned, changed=False)
    before = waits(calls, planned)
    active = [at for at, access in enumerate(planned.accesses) if any(access)]
    if all(before[at] >> last & 1 for last, at in pairwise(active)):
        return as_it_is
    chosen = [tuple(map(choose, made)) for made in steps]
    order = search(graph(calls, chosen, planned)).calls
    if order == tuple(range(len(calls))):
        return as_it_is
    other = replace(program, instructions=tuple(program.instructions[at] for at in order))
    moved = [replace(calls[at], program=other) for at in order]
    made = [steps[at] for at in order]
    try:
        again = memory.analyse(other, moved, made)
    except PlanError:  # nothing found in tests; the program's own order always holds
        return as_it_is
    if sources(again, order) != sources(planned, range(len(order))):
        return as_it_is
    return Ordered(other, moved, made, again, changed=True)
