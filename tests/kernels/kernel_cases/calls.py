# SPDX-License-Identifier: Apache-2.0
"""In which way a case calls its kernel on each instruction set, and what lies over its output.

Both come from what the plan compiler knows of the kernels (cortex_m_plan.ways): a plan may place a
tensor wherever that permits it, so every such place has to give the same result.
"""

from __future__ import annotations

import math

from cortex_m_plan.ways import Clause, Way, ways

from kernel_cases.case_file import Call, Case
from kernel_cases.draw import Draw
from kernel_cases.parameters import as_planned

_PREFIX = "cortex_m_"
PLACES = {"input": 0, "self": 0, "other": 1}
"""By role, which argument an input is, for those that may lie over the output."""


def ways_of(case: Case, isa: str) -> tuple[Way, ...]:
    """The ways of a case's kernel, fastest first."""
    return ways(isa, _PREFIX + case.operator, as_planned(case.params))


def fastest(case: Case, isa: str) -> Call:
    """The kernel's fastest way, and everything apart."""
    way = ways_of(case, isa)[0]
    return Call(way.tile, way.scratch)


def drawn(draw: Draw, case: Case, isa: str) -> Call:
    """Any of the kernel's ways, and any place for an input that the way permits."""
    way = draw.choice(*ways_of(case, isa))
    kind = draw.integer(0, 4)
    places = [(role, clause) for role, clauses in way.clauses.items() for clause in clauses]
    if not kind or not places:
        return Call(way.tile, way.scratch)
    role, clause = draw.choice(*places)
    place = PLACES[role]
    delta = nearest(case, place, clause)
    if kind > 2:
        multiple = _multiple(case, place, clause)
        delta += multiple * draw.integer(0, max(case.expected.nbytes - delta, 0) // multiple)
    return Call(way.tile, way.scratch, place, delta)


def nearest(case: Case, place: int, clause: Clause) -> int:
    """How close to the output's start an input may come, in bytes."""
    multiple = _multiple(case, place, clause)
    return -(-clause.distance // multiple) * multiple


def _multiple(case: Case, place: int, clause: Clause) -> int:
    """What the distance has to be a multiple of, so that every tensor is aligned to its type."""
    sizes = (case.buffers[place].itemsize, case.expected.itemsize)
    return math.lcm(clause.multiple, *(size for size in sizes if size > 1))
