# SPDX-License-Identifier: Apache-2.0
"""Memory banks: which blocks go to which, when one bank cannot hold them all.

The first bank is the fastest. It takes as many blocks as fit at their times, those whose bytes are
read and written most first; the next bank takes of what is left, and so on. No block is split.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cortex_m_plan.arena.fit import fit
from cortex_m_plan.arena.instance import Instance
from cortex_m_plan.arena.place import Placement
from cortex_m_plan.arena.problem import PORT_ALIGNMENT, Problem

_TRIES = 4


@dataclass(frozen=True)
class Region:
    """A memory region of the board, and how many bytes of it the arena may take."""

    name: str
    capacity: int


@dataclass(frozen=True)
class Bank:
    """A part of the arena. Addresses of all banks run on: a bank's first byte is `start`.

    `region` and `capacity` are None where nothing is said of the memory.
    """

    region: str | None
    capacity: int | None
    start: int
    bytes: int

    def holds(self, start: int, end: int) -> bool:
        return self.start <= start and end <= self.start + self.bytes


def region(text: str) -> Region:
    """`NAME:BYTES`, also `NAME:64K`; raises ValueError."""
    name, _, size = text.partition(":")
    found = re.fullmatch(r"(\d+)([KM]?)", size)
    if not re.fullmatch(r"[A-Za-z]\w*", name) or found is None:
        raise ValueError(f"{text!r} is not NAME:BYTES")
    return Region(name, int(found[1]) << {"": 0, "K": 10, "M": 20}[found[2]])


def place_in_banks(
    problem: Problem, placement: Placement, regions: Sequence[Region]
) -> tuple[Placement, tuple[Bank, ...]]:
    """A placement in one bank, moved to several where it does not fit the first one.

    Raises OverflowError if the regions are too small.
    """
    instance = Instance(problem, placement.ways)
    left = _by_use(instance)
    banks: list[Bank] = []
    addresses = dict(enumerate(instance.joined(placement.addresses, placement.scratch)))
    start = 0
    for index, target in enumerate(regions):
        if index == 0 and placement.bytes <= target.capacity:
            found, size = addresses, placement.bytes
        else:
            found, size = _filled(instance, left, target.capacity)
        for number, address in found.items():
            addresses[number] = start + address
        left = [number for number in left if number not in found]
        banks.append(Bank(target.name, target.capacity, start, size))
        start += -(-size // PORT_ALIGNMENT) * PORT_ALIGNMENT
    if left:
        raise OverflowError(placement.bytes)
    count = len(problem.blocks)
    scratch = {number: addresses[block] for number, block in instance.scratch.items()}
    moved = tuple(addresses[number] for number in range(count))
    return replace(placement, addresses=moved, scratch=scratch), tuple(banks)


def _by_use(instance: Instance) -> list[int]:
    """All blocks, those that are read and written most for their size first."""
    count = len(instance.problem.blocks)
    blocks = instance.blocks
    return sorted(
        range(len(blocks)), key=lambda n: (n < count, -blocks[n].touched, blocks[n].bytes, n)
    )


def _filled(instance: Instance, wanted: Sequence[int], capacity: int) -> tuple[dict[int, int], int]:
    """Addresses of as many blocks as fit, taken in order, and how many bytes they need."""
    taken: list[int] = []
    found: dict[int, int] = {}
    for number in wanted:
        trial = sorted([*taken, number])
        places = _fit(instance, trial, capacity)
        if places is not None:
            taken, found = trial, places
    low, high = 0, _end(instance, found)
    while high - low > PORT_ALIGNMENT:
        middle = (low + high) // 2
        places = _fit(instance, taken, middle)
        if places is None:
            low = middle
        else:
            found = places
            high = _end(instance, found)
    return found, _end(instance, found)


def _end(instance: Instance, found: dict[int, int]) -> int:
    return max((a + instance.blocks[n].bytes for n, a in found.items()), default=0)


def _fit(instance: Instance, numbers: Sequence[int], limit: int) -> dict[int, int] | None:
    part = instance.part(numbers)
    live: dict[int, int] = {}
    for block in part.blocks:
        for moment in {piece.first for piece in block.pieces}:
            live.setdefault(moment, 0)
    for moment in live:
        live[moment] = sum(block.live_bytes(moment) for block in part.blocks)
    peak = max(live, key=lambda moment: (live[moment], -moment), default=0)
    places = fit(part, limit, peak, _TRIES)
    return None if places is None else dict(zip(numbers, places, strict=True))
