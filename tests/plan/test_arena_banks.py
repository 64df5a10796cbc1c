# SPDX-License-Identifier: Apache-2.0
"""Which blocks go to which memory."""

from dataclasses import replace

import pytest
from cortex_m_plan.arena.banks import Region, place_in_banks, region
from cortex_m_plan.arena.instance import Instance
from cortex_m_plan.arena.place import place
from cortex_m_plan.arena.problem import Problem
from test_arena import LOTS, SCRATCH, Stage, block, random_problem, way


def banked(problem: Problem, *capacities: int):
    """The placement in memories A, B, ... and these, as banks."""
    regions = [Region(chr(ord("A") + at), size) for at, size in enumerate(capacities)]
    return place_in_banks(problem, place(problem, LOTS), regions)


def memories(problem: Problem, placement, banks) -> list[str]:
    """Of each block, and then of each scratch, the memory it lies in."""
    instance = Instance(problem, placement.ways)
    found = []
    for address, item in zip(
        instance.joined(placement.addresses, placement.scratch), instance.blocks, strict=True
    ):
        (bank,) = (bank for bank in banks if bank.holds(address, address + item.bytes))
        found.append(bank.region)
    return found


def mixed() -> Problem:
    """A large tensor, a small one that is read more often, and scratch; all live at once."""
    blocks = (block(1000, -1, 5), replace(block(100, -1, 5), touched=50.0))
    return Problem(blocks, (Stage(2, 0, (way(scratch=64),), (), SCRATCH),), 4)


def test_everything_in_the_first():
    placement, banks = banked(mixed(), 1168, 4096)
    assert memories(mixed(), placement, banks) == ["A", "A", "A"]
    assert [(bank.region, bank.bytes) for bank in banks] == [("A", 1164), ("B", 0)]


def test_scratch_and_what_is_used_most_first():
    placement, banks = banked(mixed(), 1100, 4096)
    assert memories(mixed(), placement, banks) == ["B", "A", "A"]
    assert [bank.bytes for bank in banks] == [164, 1000]
    assert banks[1].start == 176


def test_what_does_not_fit_leaves_room_for_the_next():
    placement, banks = banked(mixed(), 80, 110, 4096)
    assert memories(mixed(), placement, banks) == ["C", "B", "A"]


@pytest.mark.parametrize("capacities", [(1100,), (1000, 100), (4, 4)])
def test_too_small(capacities):
    with pytest.raises(OverflowError):
        banked(mixed(), *capacities)


@pytest.mark.parametrize("seed", range(12))
def test_random_problems(seed):
    """No block is split, no memory overflows, and all rules hold across them."""
    problem = random_problem(seed)
    whole = place(problem, LOTS)
    capacity = whole.bytes * 3 // 5
    placement, banks = banked(problem, capacity, LOTS)
    assert len(memories(problem, placement, banks)) >= len(problem.blocks)
    instance = Instance(problem, placement.ways)
    assert instance.holds(instance.joined(placement.addresses, placement.scratch))
    assert banks[0].bytes <= capacity
    assert banks[0].bytes > 0


def test_regions():
    assert region("RAM:100") == Region("RAM", 100)
    assert region("DTCM_1:64K") == Region("DTCM_1", 65536)
    assert region("SRAM:1M") == Region("SRAM", 1 << 20)
    for text in ("RAM", "RAM:", ":5", "1:5", "RAM:-1", "RAM:1G"):
        with pytest.raises(ValueError, match="is not NAME:BYTES"):
            region(text)
