# SPDX-License-Identifier: Apache-2.0
"""Where every block lies, and the way each step takes: as few bytes as possible, then fast.

The least that lives at the worst moment is a bound. The heuristic looks for a placement of so many
bytes: first with the fastest ways that get along with it, then with others. Where none is found
the solver finds the least there is, or proves how much less there could be. The arena does not grow
any more then, and the steps take faster ways where there is room for them, most work first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cortex_m_plan.arena import solve
from cortex_m_plan.arena.bound import Bound
from cortex_m_plan.arena.fit import fit
from cortex_m_plan.arena.instance import Instance
from cortex_m_plan.arena.problem import PORT_ALIGNMENT, Problem, Stage
from cortex_m_plan.ways import Way

_TRIES = 40
_LATER_TRIES = 8
_MOST_ATTEMPTS = 24
"""At placing all blocks anew for one faster way."""

SIMPLE = "as much as lives at one moment"
SOLVER = "OR-tools CP-SAT"


@dataclass(frozen=True)
class Placement:
    """Addresses of blocks and scratch, and the way of each stage.

    Attributes:
        addresses: of the problem's blocks.
        scratch: address of each stage's scratch, by the stage's number; of those that have some.
        bound: bytes that the arena has at least, proved.
        method: what proves it.
    """

    addresses: tuple[int, ...]
    scratch: dict[int, int]
    ways: tuple[Way, ...]
    bytes: int
    bound: int
    method: str

    @property
    def proved(self) -> bool:
        """Whether nothing smaller exists."""
        return self.bytes <= self.bound


def place(problem: Problem, most: int, effort: float = solve.EFFORT) -> Placement | None:
    """The best placement found; None if all would be larger than `most` bytes.

    Args:
        effort: how long the solver may look, where it is needed.
    """
    return _Placer(problem, most, effort).run()


def own(problem: Problem, addresses: Sequence[int], most: int) -> Placement | None:
    """The placement that is there, with scratch where it is free below `most` bytes."""
    placer = _Placer(problem, most, 0.0)
    ways = tuple(
        min(stage.ways, key=lambda way, stage=stage: stage.scratch_bytes(way))
        for stage in problem.stages
    )
    found = placer.with_scratch(addresses, ways, most)
    if found is None:
        return None
    found = placer.in_place(replace(found, bytes=max(found.bytes, 0)))
    return replace(found, bound=min(placer.least, found.bytes), method=SIMPLE)


class _Placer:
    def __init__(self, problem: Problem, most: int, effort: float):
        self.problem = problem
        self.most = most // problem.unit * problem.unit
        self.effort = effort
        self.bound = Bound(problem)
        self.least = self.bound.least()
        self.peak = max(
            self.bound.live, key=lambda moment: (self.bound.at(moment), -moment), default=0
        )

    def run(self) -> Placement | None:
        if self.least > self.most:
            return None
        found, method, bound = self._fit(self.least), SIMPLE, self.least
        if found is None:
            found = self._above()
            known = found.addresses if found is not None else None
            size = found.bytes if found is not None else self.most
            method = SOLVER
            solution = solve.solve(self.problem, self.least, known, size, self.effort)
            bound = max(solution.bound, self.least)
            if solution.addresses is not None:
                better = self.with_scratch(solution.addresses, solution.ways, size)
                if better is not None and (found is None or better.bytes < found.bytes):
                    found = better
        if found is None:
            return None
        found = replace(found, bound=min(bound, found.bytes), method=method)
        if method is SOLVER:
            found = self._fastest(found)
        return self._faster(found)

    def _fit(self, limit: int, tries: int = _TRIES) -> Placement | None:
        for ways in self._assignments(limit):
            instance = Instance(self.problem, ways)
            addresses = fit(instance, limit, self.peak, tries)
            if addresses is not None:
                return _placement(instance, addresses)
        return None

    def _assignments(self, limit: int) -> Iterator[tuple[Way, ...]]:
        """Ways to try below a limit, each combination once."""
        seen = []
        for key in (None, self._need, _reach):
            ways = tuple(self._way(stage, limit, key) for stage in self.problem.stages)
            if ways not in seen:
                seen.append(ways)
                yield ways

    def _way(self, stage: Stage, limit: int, key) -> Way:
        fitting = [way for way in stage.ways if self.bound.need(stage, way) <= limit]
        if key is None:
            return fitting[0]
        return min(fitting, key=lambda way: key(stage, way))

    def _need(self, stage: Stage, way: Way) -> tuple[int, int]:
        return self.bound.need(stage, way), stage.scratch_bytes(way)

    def _above(self) -> Placement | None:
        """A placement above the bound, about as low as the heuristic finds them."""
        unit = self.problem.unit
        step = max(self.least // 64 // unit * unit, unit)
        failed, limit, found = self.least, self.least, None
        while found is None and limit < self.most:
            failed, limit = limit, min(limit + step, self.most)
            found = self._fit(limit, _LATER_TRIES if limit < self.most else _TRIES)
            step *= 2
        while found is not None and found.bytes - failed > unit:
            middle = (found.bytes + failed) // 2 // unit * unit
            better = self._fit(middle, _LATER_TRIES) if middle > failed else None
            if better is None:
                failed = max(middle, failed + unit)
            else:
                found = better
        return found

    def with_scratch(
        self, addresses: Sequence[int], ways: Sequence[Way], limit: int
    ) -> Placement | None:
        """The placement of these blocks, with scratch wherever it is free."""
        scratch, end = {}, 0
        for address, block in zip(addresses, self.problem.blocks, strict=True):
            end = max(end, address + block.bytes)
        for number, (stage, way) in enumerate(zip(self.problem.stages, ways, strict=True)):
            if stage.scratch_bytes(way):
                free = self._free(stage, way, addresses, limit)
                if free is None:
                    return None
                scratch[number] = free
                end = max(end, free + self.problem.up(way.scratch))
        return Placement(tuple(addresses), scratch, tuple(ways), end, 0, "")

    def _free(self, stage: Stage, way: Way, addresses: Sequence[int], limit: int) -> int | None:
        """The lowest place for a step's scratch."""
        size = self.problem.up(way.scratch)
        place = 0
        for start, end in sorted(
            (address + piece.at, address + piece.end)
            for address, block in zip(addresses, self.problem.blocks, strict=True)
            for piece in block.pieces
            if piece.lives(stage.moment)
        ):
            if place + size <= start:
                break
            place = max(place, -(-end // PORT_ALIGNMENT) * PORT_ALIGNMENT)
        return place if place + size <= limit else None

    def _fastest(self, placement: Placement) -> Placement:
        """The placement with the fastest ways the solver finds for it."""
        size = placement.bytes
        solution = solve.faster(self.problem, self.least, placement.addresses, size, self.effort)
        if solution.addresses is None:
            return placement
        found = self.with_scratch(solution.addresses, solution.ways, size)
        if found is None or self._slowness(found.ways) > self._slowness(placement.ways):
            return placement
        return replace(
            placement, **{n: getattr(found, n) for n in ("addresses", "scratch", "ways")}
        )

    def _slowness(self, ways: Sequence[Way]) -> int:
        return sum(
            stage.work * stage.ways.index(way)
            for stage, way in zip(self.problem.stages, ways, strict=True)
        )

    def _faster(self, placement: Placement) -> Placement:
        """The placement with faster ways, no larger than it was."""
        found = self.in_place(placement)
        stages = self.problem.stages
        attempts = 0
        for number in sorted(range(len(stages)), key=lambda n: (-stages[n].work, n)):
            stage = stages[number]
            for way in stage.ways[: stage.ways.index(found.ways[number])]:
                if attempts == _MOST_ATTEMPTS or self.bound.need(stage, way) > placement.bytes:
                    continue
                attempts += 1
                ways = (*found.ways[:number], way, *found.ways[number + 1 :])
                instance = Instance(self.problem, ways)
                addresses = fit(instance, placement.bytes, self.peak, 2)
                if addresses is not None:
                    better = _placement(instance, addresses)
                    found = self.in_place(replace(better, bytes=placement.bytes))
                    break
        return replace(found, bytes=placement.bytes, bound=placement.bound, method=placement.method)

    def in_place(self, placement: Placement) -> Placement:
        """The fastest ways with the blocks where they are."""
        ways, scratch = list(placement.ways), dict(placement.scratch)
        for number, stage in enumerate(self.problem.stages):
            for way in stage.ways[: stage.ways.index(placement.ways[number])]:
                if not self._permits(stage, way, placement.addresses):
                    continue
                free = 0
                if stage.scratch_bytes(way):
                    free = self._free(stage, way, placement.addresses, placement.bytes)
                if free is not None:
                    ways[number] = way
                    scratch.pop(number, None)
                    if stage.scratch_bytes(way):
                        scratch[number] = free
                    break
        return replace(placement, ways=tuple(ways), scratch=scratch)

    @staticmethod
    def _permits(stage: Stage, way: Way, addresses: Sequence[int]) -> bool:
        """Whether the step can walk so over what overlaps in it."""
        for pair in stage.pairs:
            source, target = addresses[pair.source], addresses[pair.target]
            start, end = source + pair.piece.at, source + pair.piece.end
            apart = end <= target + pair.target_piece.at or target + pair.target_piece.end <= start
            delta = source + pair.source_at - target - pair.target_at
            if not apart and not any(clause.permits(delta) for clause in pair.clauses(way)):
                return False
        return True


def _reach(stage: Stage, way: Way) -> tuple[int, int]:
    """How far apart its tensors start at least, then its scratch."""
    distances = [
        min((clause.distance for clause in pair.clauses(way)), default=pair.piece.end)
        for pair in stage.pairs
    ]
    return sum(distances), stage.scratch_bytes(way)


def _placement(instance: Instance, addresses: Sequence[int]) -> Placement:
    """What the heuristic found, in the problem's terms."""
    count = len(instance.problem.blocks)
    scratch = {number: addresses[block] for number, block in instance.scratch.items()}
    return Placement(
        tuple(addresses[:count]), scratch, instance.ways, instance.end(addresses), 0, ""
    )
