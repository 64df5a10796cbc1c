# SPDX-License-Identifier: Apache-2.0
"""Cortex-M0 and M0+, from Arm's tables.

Cortex-M0 Technical Reference Manual r0p0 (DDI 0432C), table 3-1; Cortex-M0+ r0p1 (DDI 0484C),
table 3-1: zero wait states, the fast multiplier (one cycle), no single-cycle I/O port. N is the
number of registers listed, PC among them:

|                          | M0    | M0+   |
|--------------------------|-------|-------|
| data processing, MULS    | 1     | 1     |
| LDR, STR of any width    | 2     | 2     |
| LDM, STM, PUSH, POP      | 1 + N | 1 + N |
| POP with PC              | 4 + N | 3 + N |
| branch not taken         | 1     | 1     |
| B, BX, MOV PC, taken Bcc | 3     | 2     |
| BL                       | 4     | 3     |
| BLX                      | 3     | 2     |
| MRS, MSR, barriers       | 4     | 3     |
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cortex_m_profile.cycles.model import Model
from cortex_m_profile.instruction import Instruction, Kind

_SYSTEM = ("mrs", "msr", "dsb", "dmb", "isb")


@dataclass(frozen=True)
class _Timing:
    """Cycles of the columns that differ."""

    branch: int
    call: int
    pop_return: int
    system: int
    divide: int = 0

    def straight(self, code: Sequence[Instruction]) -> float:
        return sum(map(self._cycles, code))

    def taken(self, last: Instruction) -> float:
        if last.kind is Kind.LOAD:
            return self.pop_return - 1
        if last.name == "bl":
            return self.call - 1
        return self.branch - 1

    def _cycles(self, one: Instruction) -> int:
        if one.kind in (Kind.LOAD, Kind.STORE):
            return 1 + one.transfers
        if one.kind is Kind.DIVIDE:
            return self.divide
        return self.system if one.name in _SYSTEM else 1


CORTEX_M0 = Model(
    "Cortex-M0",
    "Cortex-M0 TRM (DDI 0432C), table 3-1, one-cycle multiplier",
    "wait states",
    _Timing(branch=3, call=4, pop_return=4, system=4),
)

CORTEX_M0PLUS = Model(
    "Cortex-M0+",
    "Cortex-M0+ TRM (DDI 0484C), table 3-1, one-cycle multiplier",
    "wait states, the single-cycle I/O port",
    _Timing(branch=2, call=3, pop_return=3, system=3),
)

CORTEX_M23 = Model(
    "Cortex-M23 as a Cortex-M0+",
    "Cortex-M0+ TRM (DDI 0484C), table 3-1: Arm publishes no table for Cortex-M23",
    "wait states; a division counts 17 cycles",
    _Timing(branch=2, call=3, pop_return=3, system=3, divide=17),
)
