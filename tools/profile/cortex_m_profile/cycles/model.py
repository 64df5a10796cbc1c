# SPDX-License-Identifier: Apache-2.0
"""What a timing model is.

A model sees straight code that ends at a branch, how often it was executed and how often it was
left by a taken branch. No model knows of caches, flash or bus wait states: all memory answers at
once. An instruction that its condition skips costs what it costs when executed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cortex_m_profile.instruction import Instruction, Kind


class Timing(Protocol):
    """Cycles of straight code, once, as if its last instruction did not branch; and what a taken
    branch at its end adds."""

    def straight(self, code: Sequence[Instruction]) -> float: ...

    def taken(self, last: Instruction) -> float: ...


@dataclass(frozen=True)
class Model:
    """A timing under a name, where it is from, and what it leaves out."""

    name: str
    source: str
    leaves_out: str
    timing: Timing

    def cycles(self, code: Sequence[Instruction], times: int, left: int) -> float:
        """Cycles of `times` executions, `left` of which ended in a taken branch."""
        last = code[-1]
        if last.kind is not Kind.BRANCH and not last.writes_pc:
            left = 0
        return times * self.timing.straight(code) + left * self.timing.taken(last)
