# SPDX-License-Identifier: Apache-2.0
"""Tries every rule on every call."""

from collections.abc import Callable, Mapping, Sequence

from cortex_m_plan import memory
from cortex_m_plan.errors import PlanError
from cortex_m_plan.fusion import bounds, padding, table
from cortex_m_plan.fusion.uses import Uses
from cortex_m_plan.memory import Memory
from cortex_m_plan.operators import Call, steps
from cortex_m_plan.program import Program
from cortex_m_plan.sources import Source, sources
from cortex_m_plan.step import Step

Rule = Callable[[Uses, int], Mapping[int, Call]]
"""What becomes of some calls, by position, if one is fused into others; nothing if it cannot be."""

_RULES: Sequence[Rule] = (table.fused, bounds.fused, padding.fused)


def fuse(
    program: Program, calls: list[Call], made: list[tuple[Step, ...]], planned: Memory
) -> tuple[list[Call], list[tuple[Step, ...]], Memory]:
    """The calls with what could be fused, what they become, and their memory.

    What is fused into another call has a reason why nothing reads it (`unread`), the other one says
    what it does (`fused`). Where tensors have been spread, no rule fails for lack of room.
    """
    for rule in _RULES:
        for index in range(len(calls)):
            changed = rule(Uses(calls, made, planned), index)
            if not changed:
                continue
            shorter, done = list(calls), list(made)
            try:
                for at, call in changed.items():
                    shorter[at], done[at] = call, steps(call)
                after = memory.analyse(program, shorter, done)
            except PlanError:  # the kernel cannot, or what it would read is no longer there
                continue
            if _expected(calls, planned, changed) == sources(after, range(len(calls))):
                calls, made, planned = shorter, done, after
    return calls, made, planned


def _expected(
    calls: Sequence[Call], planned: Memory, changed: Mapping[int, Call]
) -> dict[int, list[Source]]:
    """What calls have to read when some have changed.

    Whoever reads a name among the changed calls reads what they read under it before; a result
    that another call has taken over is read as that one's. Nothing if a name has two meanings.
    """
    before = sources(planned, range(len(calls)))
    read: dict[int, Source] = {}
    for at in changed:
        for tensor, source in zip(calls[at].reads, before[at], strict=True):
            if read.setdefault(tensor.id, source) != source:
                return {}
    taken_over = {
        Source(gone, 0): Source(at, 0)
        for gone, call in changed.items()
        if call.unread
        for at, other in changed.items()
        if not other.unread and other.out.id == calls[gone].out.id
    }
    expected = {
        at: [taken_over.get(source, source) for source in found] for at, found in before.items()
    }
    for at, call in changed.items():
        expected[at] = [read[tensor.id] for tensor in call.reads]
    return expected
