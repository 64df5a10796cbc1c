# SPDX-License-Identifier: Apache-2.0
"""Cortex-M3 and M4, from Arm's tables.

Cortex-M3 Technical Reference Manual r2p1 (100165), Cortex-M4 r0p1 (100166): table 3-1 (processor),
table 3-2 (DSP), section "Load/store timings", and for the M4 the FPU's table 7-1. Zero wait states.
N is the number of registers moved, P the refill of the pipeline, which the manuals give as 1 to 3:
it is 2 here. Of other ranges, which depend on values, the upper end is taken.

|                                    | M3      | M4      |
|------------------------------------|---------|---------|
| data processing, MUL               | 1       | 1       |
| MLA, MLS                           | 2       | 1       |
| SMULL, UMULL (3 to 5)              | 5       | 1       |
| SMLAL, UMLAL (4 to 7)              | 7       | 1       |
| SMLAD, SMMLA and the rest of DSP   |         | 1       |
| SDIV, UDIV (2 to 12)               | 12      | 12      |
| LDR                                | 2       | 2       |
| STR with immediate offset          | 1       | 1       |
| STR with register offset           | 2       | 2       |
| LDRD, LDM, STRD, STM, PUSH, POP    | 1 + N   | 1 + N   |
| branch not taken                   | 1       | 1       |
| branch taken, load of PC: adds     | P       | P       |
| TBB, TBH                           | 2 + P   | 2 + P   |
| VMLA, VFMA .f32                    |         | 3       |
| VDIV, VSQRT .f32                   |         | 14      |

A load or store behind an LDR takes one cycle less, unless its address is what was loaded: the two
overlap. One whose address the instruction before computed takes one more.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from cortex_m_profile.cycles.model import Model
from cortex_m_profile.instruction import Instruction, Kind

_REFILL = 2
_DIVIDE = 12
_FPU = [(re.compile(r"vdiv|vsqrt"), 14), (re.compile(r"v(fn?|n)?ml?[as]$"), 3)]


@dataclass(frozen=True)
class _Timing:
    accumulate: int
    long_multiply: int
    long_accumulate: int

    def straight(self, code: Sequence[Instruction]) -> float:
        total = self._cycles(code[0])
        for before, one in pairwise(code):
            total += self._cycles(one) + _pairing(before, one)
        return total

    def taken(self, last: Instruction) -> float:
        return _REFILL + (1 if last.name.startswith("tb") else 0)

    def _cycles(self, one: Instruction) -> int:
        if one.kind in (Kind.LOAD, Kind.STORE):
            if one.is_multiple:
                return 1 + one.transfers
            return 1 if one.kind is Kind.STORE and not _has_index(one) else 2
        if one.kind is Kind.MULTIPLY:
            return self.accumulate if one.name.startswith(("mla", "mls")) else 1
        if one.kind is Kind.LONG_MULTIPLY:
            return self.long_accumulate if "lal" in one.name else self.long_multiply
        if one.kind is Kind.DIVIDE:
            return _DIVIDE
        return next((cycles for form, cycles in _FPU if form.match(one.name)), 1)


def _has_index(one: Instruction) -> bool:
    return len(one.address_registers) > 1


def _pairing(before: Instruction, one: Instruction) -> int:
    """What a load or store gains or loses by what comes before it."""
    if one.kind not in (Kind.LOAD, Kind.STORE):
        return 0
    needed = set(one.address_registers) & set(before.written)
    if before.kind is Kind.LOAD:
        overlaps = not (needed or before.is_multiple or one.is_multiple)
        return -1 if overlaps and (one.kind is Kind.LOAD or _has_index(one)) else 0
    return 1 if needed and before.kind is not Kind.STORE else 0


_LEAVES_OUT = "wait states; a pipeline refill is 2 cycles (1 to 3), IT is never folded"


def models() -> dict[str, Model]:
    """The models of the cores that these tables serve."""
    m4 = _Timing(accumulate=1, long_multiply=1, long_accumulate=1)
    found = {
        "cortex-m3": Model(
            "Cortex-M3",
            "Cortex-M3 TRM (100165), table 3-1; the larger end of SMULL 3-5, SMLAL 4-7, SDIV 2-12",
            _LEAVES_OUT,
            _Timing(accumulate=2, long_multiply=5, long_accumulate=7),
        ),
        "cortex-m4": Model(
            "Cortex-M4",
            "Cortex-M4 TRM (100166), tables 3-1 and 3-2; the larger end of SDIV 2-12",
            _LEAVES_OUT,
            m4,
        ),
    }
    for core, name in {"cortex-m33": "Cortex-M33", "cortex-m35p": "Cortex-M35P"}.items():
        found[core] = Model(
            f"{name} as a Cortex-M4",
            f"Cortex-M4 TRM (100166), tables 3-1 and 3-2: Arm publishes no table for {name}",
            f"{_LEAVES_OUT}; the pairs of 16-bit instructions that {name} issues together",
            m4,
        )
    return found
