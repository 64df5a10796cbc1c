# SPDX-License-Identifier: Apache-2.0
"""The optimum, or a bound for it, by OR-tools' CP-SAT.

One worker, a fixed seed, and a limit in the solver's own deterministic time: the result does not
depend on the machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from cortex_m_plan.arena.problem import PORT_ALIGNMENT, Pair, Piece, Problem
from cortex_m_plan.errors import PlanError
from cortex_m_plan.ways import Way

EFFORT = 4.0
"""The limit, in the solver's units: seconds, roughly."""


@dataclass(frozen=True)
class Solution:
    """Addresses of the problem's blocks and the ways of its stages, None if none better than the
    given one was found; `bound` is proved."""

    addresses: tuple[int, ...] | None
    ways: tuple[Way, ...]
    bound: int


def solve(
    problem: Problem, bound: int, known: Sequence[int] | None, most: int, effort: float = EFFORT
) -> Solution:
    """Places all blocks as low as possible, in the ways that let them lie lowest.

    Args:
        bound: bytes the arena is known to have at least.
        known: addresses of the blocks of a placement to start from.
        most: bytes the arena may have.

    Raises PlanError if OR-tools is not there.
    """
    model = _Model(_cp_model(), problem, bound, most)
    model.model.minimize(model.end)
    return model.run(known, effort)


def faster(
    problem: Problem, bound: int, known: Sequence[int], most: int, effort: float = EFFORT
) -> Solution:
    """A placement of at most so many bytes in which the steps with most work take faster ways.

    Raises PlanError if OR-tools is not there.
    """
    model = _Model(_cp_model(), problem, bound, most)
    model.model.minimize(
        sum(
            stage.work * slower * literal
            for stage, taken in zip(problem.stages, model.taken, strict=True)
            for slower, literal in enumerate(taken)
        )
    )
    return model.run(known, effort)


def _cp_model() -> ModuleType:
    try:
        from ortools.sat.python import cp_model
    except ImportError as error:
        raise PlanError(
            "the arena's size cannot be proved: OR-tools is not installed",
            str(error),
            fix="run the plan with the Python package ortools: the rules do",
        ) from None
    return cp_model


class _Model:
    def __init__(self, cp_model: ModuleType, problem: Problem, bound: int, most: int):
        self.cp = cp_model
        self.problem = problem
        self.model = cp_model.CpModel()
        self.unit = problem.unit
        self.most = most // self.unit
        self.end = self.model.new_int_var(min(self._units(bound), self.most), self.most, "")
        self.steps = [block.alignment // self.unit for block in problem.blocks]
        self.variables = [
            self._variable(step, block.bytes)
            for step, block in zip(self.steps, problem.blocks, strict=True)
        ]
        self.addresses = [v * step for v, step in zip(self.variables, self.steps, strict=True)]
        self.taken = [[self.model.new_bool_var("") for _ in stage.ways] for stage in problem.stages]
        for literals in self.taken:
            self.model.add_exactly_one(literals)
        self._separate()
        self._scratch()

    def _units(self, size: int) -> int:
        return -(-size // self.unit)

    def _variable(self, step: int, size: int) -> Any:
        """An address, of which a step is a multiple."""
        most = (self.most - self._units(size)) // step
        variable = self.model.new_int_var(0, max(most, 0), "")
        self.model.add(variable * step + self._units(size) <= self.end)
        return variable

    def _separate(self) -> None:
        pairs: dict[tuple[int, Piece, int, Piece], tuple[int, Pair]] = {
            (pair.source, pair.piece, pair.target, pair.target_piece): (number, pair)
            for number, stage in enumerate(self.problem.stages)
            for pair in stage.pairs
        }
        for one, two in self.problem.meeting():
            for a in self.problem.blocks[one].pieces:
                for b in self.problem.blocks[two].pieces:
                    if a.first <= b.last and b.first <= a.last:
                        options = self._beside(one, a, two, b)
                        for key in ((one, a, two, b), (two, b, one, a)):
                            if key in pairs:
                                options += self._over(*pairs[key])
                        self.model.add_bool_or(options)

    def _beside(self, one: int, a: Piece, two: int, b: Piece) -> list[Any]:
        distance = self.addresses[one] - self.addresses[two]
        below, above = self.model.new_bool_var(""), self.model.new_bool_var("")
        self.model.add(distance <= (b.at - a.end) // self.unit).only_enforce_if(below)
        self.model.add(distance >= self._units(b.end - a.at)).only_enforce_if(above)
        return [below, above]

    def _over(self, number: int, pair: Pair) -> list[Any]:
        """What lets the input of a pair lie over the output."""
        distance = self.addresses[pair.source] - self.addresses[pair.target]
        shift = pair.target_at - pair.source_at
        options: dict[tuple[int, int], list[Any]] = {}
        for way, literal in zip(self.problem.stages[number].ways, self.taken[number], strict=True):
            for clause in pair.clauses(way):
                options.setdefault(tuple(clause), []).append(literal)
        found = []
        for (least, multiple), literals in options.items():
            option = self.model.new_bool_var("")
            self.model.add_bool_or(literals).only_enforce_if(option)
            self.model.add(distance >= self._units(least + shift)).only_enforce_if(option)
            if multiple > 1:
                reach = self.most * self.unit // multiple + 1
                count = self.model.new_int_var(-reach, reach, "")
                self.model.add(distance * self.unit - shift == count * multiple).only_enforce_if(
                    option
                )
            found.append(option)
        return found

    def _scratch(self) -> None:
        for number, stage in enumerate(self.problem.stages):
            sizes = [self._units(stage.scratch_bytes(way)) for way in stage.ways]
            if not any(sizes):
                continue
            step = PORT_ALIGNMENT // self.unit
            address = self._variable(step, 0) * step
            size = sum(
                amount * literal for amount, literal in zip(sizes, self.taken[number], strict=True)
            )
            self.model.add(address + size <= self.end)
            none = [
                literal
                for amount, literal in zip(sizes, self.taken[number], strict=True)
                if not amount
            ]
            for other, block in enumerate(self.problem.blocks):
                for piece in block.pieces:
                    if piece.lives(stage.moment):
                        self._apart(address, size, none, other, piece)

    def _apart(self, address: Any, size: Any, none: list[Any], other: int, piece: Piece) -> None:
        below, above = self.model.new_bool_var(""), self.model.new_bool_var("")
        start = self.addresses[other] + piece.at // self.unit
        end = self.addresses[other] + self._units(piece.end)
        self.model.add(address + size <= start).only_enforce_if(below)
        self.model.add(address >= end).only_enforce_if(above)
        self.model.add_bool_or([below, above, *none])

    def run(self, known: Sequence[int] | None, effort: float) -> Solution:
        if known is not None:
            for variable, step, hint in zip(self.variables, self.steps, known, strict=True):
                self.model.add_hint(variable, hint // self.unit // step)
        solver = self.cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_deterministic_time = effort
        status = solver.solve(self.model)
        if status == self.cp.INFEASIBLE:
            return Solution(None, (), (self.most + 1) * self.unit)
        bound = round(solver.best_objective_bound) * self.unit
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return Solution(None, (), bound)
        ways = tuple(
            stage.ways[next(at for at, literal in enumerate(taken) if solver.value(literal))]
            for stage, taken in zip(self.problem.stages, self.taken, strict=True)
        )
        addresses = tuple(
            solver.value(variable) * step * self.unit
            for variable, step in zip(self.variables, self.steps, strict=True)
        )
        return Solution(addresses, ways, bound)
