# SPDX-License-Identifier: Apache-2.0
"""What is wrong with the ways a kernel states, by traces of its calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from calls import Traced
from cortex_m_plan.ways import Clause
from kernel_cases.calls import PLACES
from traces import Trace


@dataclass(frozen=True)
class Stated:
    """A clause of a call's way beside what the trace says.

    Attributes:
        closest: the least distance, a multiple of the clause's, that is safe.
        apart: at this one and below input and output share no byte.
    """

    role: str
    clause: Clause
    closest: int
    apart: int

    @property
    def slack(self) -> int:
        """How much farther away than needed the clause keeps the input; negative: too near."""
        multiple = self.clause.multiple
        return -(-self.clause.distance // multiple) * multiple - self.closest


def stated(call: Traced, trace: Trace) -> Iterator[Stated]:
    """All clauses of a call's way."""
    for role, clauses in call.way.clauses.items():
        place = PLACES[role]
        for clause in clauses:
            closest = trace.closest(place, clause.multiple)
            yield Stated(role, clause, closest, -trace.loads[place].size)


def objections(call: Traced, trace: Trace) -> list[str]:
    """Why a call does not do what its way states; empty if it does."""
    found = [
        f"{one.role}: {one.clause} is stated, {one.closest} is safe"
        for one in stated(call, trace)
        if one.slack < 0
    ]
    if trace.stray_stores:
        found.append(f"{trace.stray_stores} bytes outside of output, scratch and stack written")
    if trace.early_output:
        found.append(f"{trace.early_output} bytes of the output read before they were written")
    if trace.unwritten and call.apart:  # else they may be what they have to be already
        found.append(f"{trace.unwritten} bytes of the output not written")
    return found
