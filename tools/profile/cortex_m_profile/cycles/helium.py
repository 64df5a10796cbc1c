# SPDX-License-Identifier: Apache-2.0
"""Cortex-M55, M52 and M85, a model of how they execute vector instructions.

A vector instruction is four beats of 32 bits. Cortex-M55 and M85 do two beats per cycle, so that it
keeps its unit for two cycles, Cortex-M52 one beat, four cycles; but the next one starts at half of
that if it uses another unit: memory, multiplier, or the rest. A gather or scatter does one element
per cycle. Scalar code takes one cycle per instruction, a load or store of N registers ceil(N / 2)
(the bus has 64 bits), a division 12, a taken branch three, and the LE at the end of a low-overhead
loop none. What Cortex-M85, and in pairs of 16-bit instructions Cortex-M55, issue together is left
out, and so are latencies.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cortex_m_profile.cycles.model import Model
from cortex_m_profile.instruction import Instruction, Kind

_BEATS = 4
_DIVIDE = 12
_TAKEN = 2  # beside the cycle of the branch itself
_ELEMENT = re.compile(r"\.[a-z]?(\d+)")
_VECTOR_BYTES = 16


@dataclass(frozen=True)
class _Timing:
    beats_per_cycle: int

    def straight(self, code: Sequence[Instruction]) -> float:
        cycles = 0.0
        # What the vector instruction before still keeps: in a loop, the last one of its body.
        unit = _last_unit(code) if _is_loop_end(code[-1]) else None
        for one in code:
            if _is_loop_end(one):
                continue
            if not one.is_vector:
                cycles += _scalar(one)
                unit = None
            elif one.is_gather:
                cycles += _elements(one)
                unit = None
            else:
                whole = _BEATS / self.beats_per_cycle
                # Its second half runs beside the next one: what it costs is known only then.
                cycles += whole / 2 if unit not in (None, _unit(one)) else whole
                unit = _unit(one)
        return cycles

    def taken(self, last: Instruction) -> float:
        return 0 if _is_loop_end(last) else _TAKEN


def _is_loop_end(one: Instruction) -> bool:
    return one.name in ("le", "letp")


def _last_unit(code: Sequence[Instruction]) -> str | None:
    before = code[-2] if len(code) > 1 else code[-1]
    return _unit(before) if before.is_vector and not before.is_gather else None


def _unit(one: Instruction) -> str:
    if one.kind in (Kind.VECTOR_LOAD, Kind.VECTOR_STORE):
        return "memory"
    return "multiplier" if one.kind is Kind.VECTOR_MULTIPLY else "rest"


def _elements(one: Instruction) -> int:
    bits = _ELEMENT.search(one.mnemonic)
    return _VECTOR_BYTES * 8 // int(bits[1]) if bits else _BEATS


def _scalar(one: Instruction) -> int:
    if one.kind is Kind.DIVIDE:
        return _DIVIDE
    return -(-one.transfers // 2) if one.kind in (Kind.LOAD, Kind.STORE) else 1


_SOURCE = "a model of this project: beats, and units that overlap"
_LEAVES_OUT = "latencies, caches, wait states"


def models() -> dict[str, Model]:
    """The models of the cores with a vector extension, whichever ISA the kernels use."""
    return {
        "cortex-m52": Model("Cortex-M52, one beat a cycle", _SOURCE, _LEAVES_OUT, _Timing(1)),
        "cortex-m55": Model(
            "Cortex-M55, two beats a cycle",
            _SOURCE,
            _LEAVES_OUT + ", pairs of 16-bit instructions that issue together",
            _Timing(2),
        ),
        "cortex-m85": Model(
            "Cortex-M85 as a Cortex-M55",
            _SOURCE,
            _LEAVES_OUT + ", the second instruction of a cycle",
            _Timing(2),
        ),
    }
