# SPDX-License-Identifier: Apache-2.0
"""Cortex-M7, a model: Arm publishes no table of its timing.

The processor issues up to two neighbouring instructions per cycle, in order. Two issue together
unless both access memory, both multiply, both branch, both compute in the FPU, or the second needs
what the first writes. A load or store of N registers takes ceil(N / 2) cycles (the bus has 64 bits)
and a division 12, alone. Branches are predicted. An optimist's figure: latencies of loads and
multiplies are left out.
"""

from collections.abc import Sequence

from cortex_m_profile.cycles.model import Model
from cortex_m_profile.instruction import Instruction, Kind

_UNITS = {
    Kind.LOAD: "memory",
    Kind.STORE: "memory",
    Kind.MULTIPLY: "multiplier",
    Kind.LONG_MULTIPLY: "multiplier",
    Kind.DIVIDE: "divider",
    Kind.BRANCH: "branch",
    Kind.VECTOR: "FPU",
    Kind.VECTOR_MULTIPLY: "FPU",
}
_DIVIDE = 12


class _Timing:
    def straight(self, code: Sequence[Instruction]) -> float:
        cycles = 0
        first = None  # what the second place of the present cycle is free beside
        for one in code:
            if first is not None and _issue_together(first, one):
                first = None
                continue
            cycles += _alone(one)
            first = one if _alone(one) == 1 else None
        return cycles

    def taken(self, last: Instruction) -> float:
        return 0


def _alone(one: Instruction) -> int:
    if one.kind is Kind.DIVIDE:
        return _DIVIDE
    return -(-one.transfers // 2) if one.kind in (Kind.LOAD, Kind.STORE) else 1


def _issue_together(first: Instruction, second: Instruction) -> bool:
    unit = _UNITS.get(second.kind)
    if _alone(second) != 1 or (unit is not None and unit == _UNITS.get(first.kind)):
        return False
    return not set(first.written) & set(_read(second))


def _read(one: Instruction) -> tuple[str, ...]:
    """Registers read; of a result that is also read (`add r0, r1`) no more than is written out."""
    if one.kind in (Kind.STORE, Kind.BRANCH) or len(one.registers) < 2:
        return one.registers
    accumulates = one.name.startswith(("movt", "bfi", "bfc"))
    return one.registers if accumulates else one.registers[len(one.written) :]


CORTEX_M7 = Model(
    "Cortex-M7, two instructions a cycle",
    "a model of this project: Arm publishes no table",
    "latencies, caches, wait states, mispredicted branches: a lower bound",
    _Timing(),
)
