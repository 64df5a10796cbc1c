# SPDX-License-Identifier: Apache-2.0
"""The heuristic: blocks one after another, each at the lowest or the highest place that is free.

Orders start at the moment that needs most and go outwards, or follow the program: each step that
overlaps puts its output below its input, so that a chain drifts, downwards from its start or
upwards from its end. A block that finds no place comes earlier the next time. Random numbers have
fixed seeds; nothing depends on time.
"""

from collections.abc import Sequence
from math import gcd
from random import Random

from cortex_m_plan.arena.instance import Instance, Permit, Rule

_MODES = ("backward", "forward", "outward", "alternate", "random")


def fit(instance: Instance, limit: int, peak: int, tries: int) -> tuple[int, ...] | None:
    """Addresses of all blocks below a limit; None if none are found.

    Args:
        peak: the moment that needs most.
        tries: attempts in each of five modes.
    """
    if any(block.bytes > limit for block in instance.blocks):
        return None
    for seed, mode in enumerate(_MODES):
        found = _Fit(instance, limit, mode, Random(seed)).run(peak, tries)
        if found is not None:
            return tuple(found)
    return None


class _Fit:
    def __init__(self, instance: Instance, limit: int, mode: str, random: Random):
        self.instance = instance
        self.limit = limit
        self.mode = mode
        self.random = random
        self.high = [mode == "forward"] * len(instance.blocks)
        if mode == "alternate":
            self.high = [block.pieces[0].first % 2 == 1 for block in instance.blocks]

    def run(self, peak: int, tries: int) -> list[int] | None:
        order = self._order(peak)
        for _ in range(tries):
            addresses: list[int | None] = [None] * len(order)
            failed = self._attempt(order, addresses)
            if failed is None:
                return addresses
            at = order.index(failed)
            order.insert(self.random.randrange(at // 2 + 1) if at else 0, order.pop(at))
            if self.mode in ("alternate", "random") or self.random.random() < 0.3:
                # The other end for one of those it met.
                met = [failed, *sorted({rule.other for rule in self.instance.rules[failed]})]
                turned = self.random.choice(met)
                self.high[turned] = not self.high[turned]
        return None

    def _order(self, peak: int) -> list[int]:
        blocks = self.instance.blocks
        first = [min(piece.first for piece in block.pieces) for block in blocks]
        last = [max(piece.last for piece in block.pieces) for block in blocks]

        def key(number: int) -> tuple[int, int, int]:
            distance = max(first[number] - peak, peak - last[number], 0)
            if self.mode == "backward":
                distance = -last[number]
            elif self.mode == "forward":
                distance = first[number]
            return distance, -blocks[number].bytes, number

        return sorted(range(len(blocks)), key=key)

    def _attempt(self, order: Sequence[int], addresses: list[int | None]) -> int | None:
        """Places blocks in order; the first one that finds no place, or None."""
        for number in order:
            place = self._place(number, addresses)
            if place is None:
                return number
            addresses[number] = place
        return None

    def _place(self, number: int, addresses: Sequence[int | None]) -> int | None:
        block = self.instance.blocks[number]
        top = (self.limit - block.bytes) // block.alignment * block.alignment
        rules = [
            (rule, addresses[rule.other])
            for rule in self.instance.rules[number]
            if addresses[rule.other] is not None
        ]
        places = {0, top}
        for rule, other in rules:
            places |= _candidates(rule, other, block.alignment, top)
        for place in sorted((p for p in places if 0 <= p <= top), reverse=self.high[number]):
            if all(rule.holds(place, other) for rule, other in rules):
                return place
        return None


def _candidates(rule: Rule, other: int, alignment: int, top: int) -> set[int]:
    """Places next to another block, and over it."""
    found = {
        (other + rule.below) // alignment * alignment,
        -(-(other + rule.above) // alignment) * alignment,
    }
    for permit in rule.permits:
        found |= _over(permit, other, alignment, top)
    return found


def _over(permit: Permit, other: int, alignment: int, top: int) -> set[int]:
    """The nearest place that is permitted, and where there is a multiple, the farthest, too."""
    multiple, shift = permit.multiple, permit.shift
    distance = shift - (shift - permit.least) // multiple * multiple
    sign = 1 if permit.input_first else -1
    for _ in range(alignment // gcd(multiple, alignment)):
        if (other + sign * distance) % alignment == 0:
            break
        distance += multiple
    else:
        return set()
    place = other + sign * distance
    stride = multiple * alignment // gcd(multiple, alignment)
    room = top - place if permit.input_first else place
    return {place, place + sign * (room // stride * stride)} if multiple > 1 else {place}
