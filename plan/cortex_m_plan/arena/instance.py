# SPDX-License-Identifier: Apache-2.0
"""A problem with one way chosen for each step: blocks of known sizes, and rules between them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cortex_m_plan.arena.problem import PORT_ALIGNMENT, Block, Piece, Problem
from cortex_m_plan.ways import Way


class Permit(NamedTuple):
    """Permits two pieces to overlap: the distance from the output's block to the input's, in bytes,
    is at least `least`, and `shift` more than a multiple."""

    input_first: bool
    least: int
    multiple: int
    shift: int

    def permits(self, distance: int) -> bool:
        """`distance` from the other block to the one whose rule this is."""
        if not self.input_first:
            distance = -distance
        return distance >= self.least and (distance - self.shift) % self.multiple == 0


class Rule(NamedTuple):
    """Of a block towards another: `distance` to it is at most `below`, at least `above`, or
    permitted."""

    other: int
    below: int
    above: int
    permits: tuple[Permit, ...]

    def holds(self, address: int, other: int) -> bool:
        distance = address - other
        return (
            distance <= self.below
            or distance >= self.above
            or any(permit.permits(distance) for permit in self.permits)
        )


class Instance:
    """The blocks of a problem and one more for each step's scratch; `ways` are the steps'."""

    def __init__(self, problem: Problem, ways: Sequence[Way]):
        self.problem = problem
        self.ways = tuple(ways)
        self.blocks = list(problem.blocks)
        self.scratch: dict[int, int] = {}
        for number, (stage, way) in enumerate(zip(problem.stages, ways, strict=True)):
            size = problem.up(stage.scratch_bytes(way))
            if size:
                self.scratch[number] = len(self.blocks)
                piece = Piece(0, size, stage.moment, stage.moment)
                self.blocks.append(Block(PORT_ALIGNMENT, size, (piece,)))
        self.rules: list[list[Rule]] = [[] for _ in self.blocks]
        permits = self._permits()
        for one, block in enumerate(self.blocks):
            for two in range(one + 1, len(self.blocks)):
                for a in block.pieces:
                    for b in self.blocks[two].pieces:
                        if a.first <= b.last and b.first <= a.last:
                            self._add(one, a, two, b, permits)

    def _permits(self) -> dict[tuple[int, Piece, int, Piece], list[tuple[int, int, int]]]:
        found: dict[tuple[int, Piece, int, Piece], list[tuple[int, int, int]]] = {}
        for stage, way in zip(self.problem.stages, self.ways, strict=True):
            for pair in stage.pairs:
                shift = pair.target_at - pair.source_at
                key = pair.source, pair.piece, pair.target, pair.target_piece
                found[key] = [
                    (clause.distance + shift, clause.multiple, shift)
                    for clause in pair.clauses(way)
                ]
        return found

    def _add(self, one: int, a: Piece, two: int, b: Piece, permits: dict) -> None:
        for me, mine, other, its in ((one, a, two, b), (two, b, one, a)):
            found = [Permit(True, *item) for item in permits.get((me, mine, other, its), ())]
            found += [Permit(False, *item) for item in permits.get((other, its, me, mine), ())]
            rule = Rule(other, its.at - mine.end, its.end - mine.at, tuple(found))
            self.rules[me].append(rule)

    def joined(self, addresses: Sequence[int], scratch: Mapping[int, int]) -> list[int]:
        """Addresses of all blocks: those of the problem's, and by stage of the scratch."""
        return [*addresses, *(scratch[number] for number in self.scratch)]

    def part(self, numbers: Sequence[int]) -> "Instance":
        """Some of the blocks alone."""
        made = object.__new__(Instance)
        made.problem, made.ways, made.scratch = self.problem, self.ways, {}
        made.blocks = [self.blocks[number] for number in numbers]
        place = {number: at for at, number in enumerate(numbers)}
        made.rules = [
            [
                rule._replace(other=place[rule.other])
                for rule in self.rules[n]
                if rule.other in place
            ]
            for n in numbers
        ]
        return made

    def holds(self, addresses: Sequence[int]) -> bool:
        """Whether a placement keeps all rules."""
        return all(
            address >= 0
            and address % block.alignment == 0
            and all(rule.holds(address, addresses[rule.other]) for rule in rules)
            for block, address, rules in zip(self.blocks, addresses, self.rules, strict=True)
        )

    def end(self, addresses: Sequence[int]) -> int:
        return max(
            (a + block.bytes for a, block in zip(addresses, self.blocks, strict=True)), default=0
        )
