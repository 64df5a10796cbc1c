# SPDX-License-Identifier: Apache-2.0
"""Who writes and who reads the results of a program's calls."""

from collections.abc import Sequence
from dataclasses import dataclass

from cortex_m_plan.memory import Memory, Value
from cortex_m_plan.operators import Call
from cortex_m_plan.step import Step


@dataclass(frozen=True)
class Uses:
    """A program as the rules see it; calls are named by their positions."""

    calls: Sequence[Call]
    steps: Sequence[tuple[Step, ...]]
    planned: Memory

    def step(self, call: int) -> Step | None:
        """What a call becomes, if that is one step."""
        return self.steps[call][0] if len(self.steps[call]) == 1 else None

    def writer(self, call: int) -> int | None:
        """Who writes the only value that a call reads, under the name that it reads."""
        reads = self.planned.accesses[call].reads
        if len(reads) != 1 or reads[0].tensor.id != self.calls[call].reads[0].id:
            return None
        for index in reversed(range(call)):
            writes = self.planned.accesses[index].writes
            if len(writes) == 1 and writes[0] is reads[0]:
                return index
        return None

    def readers(self, call: int) -> list[int] | None:
        """Who reads the only result of a call; None if it is an output, too, or has other names."""
        writes = self.planned.accesses[call].writes
        if len(writes) != 1 or any(value is writes[0] for value in self.planned.outputs):
            return None
        found = []
        for index, access in enumerate(self.planned.accesses):
            for tensor, value in zip(self.calls[index].reads, access.reads, strict=True):
                if self._shares(value, writes[0]):
                    if value is not writes[0] or tensor.id != self.calls[call].out.id:
                        return None
                    found.append(index)
        return found

    @staticmethod
    def _shares(one: Value, other: Value) -> bool:
        """Whether two values are the same bytes."""
        return any(a.is_kin(b) for a in one.buffers for b in other.buffers)
