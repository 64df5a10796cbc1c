# SPDX-License-Identifier: Apache-2.0
"""What lives at one moment is a bound for the arena that needs no search."""

from cortex_m_plan.arena.problem import Pair, Problem, Stage
from cortex_m_plan.ways import Way


class Bound:
    """Bytes that the arena has at least, at each moment and in each way of its step."""

    def __init__(self, problem: Problem):
        self.problem = problem
        self.live = {
            moment: sum(problem.up(block.live_bytes(moment)) for block in problem.blocks)
            for moment in problem.moments()
        }
        self.stages: dict[int, list[Stage]] = {}
        for stage in problem.stages:
            self.stages.setdefault(stage.moment, []).append(stage)

    def need(self, stage: Stage, way: Way) -> int:
        """At a step, if it walks so."""
        problem = self.problem
        live = self.live[stage.moment] + problem.up(stage.scratch_bytes(way))
        inputs: dict[tuple[int, int], list[Pair]] = {}
        for pair in stage.pairs:
            if pair.clauses(way):
                inputs.setdefault((pair.source, pair.source_at), []).append(pair)
        if not inputs:
            return live
        sizes = [sum(pair.piece.bytes for pair in pairs) for pairs in inputs.values()]
        output = stage.pairs[0].target_piece.bytes
        rest = live - sum(sizes) - output
        if len(inputs) > 1:
            return rest + max(sum(sizes), output)
        ((_, start), pairs), (size,) = next(iter(inputs.items())), sizes
        plain = [pair.piece.at for pair in pairs] == [start]
        if not plain or pairs[0].target_at != pairs[0].target_piece.at:
            return rest + max(size, output)
        clauses = pairs[0].clauses(way)
        nearest = min(-(-item.distance // item.multiple) * item.multiple for item in clauses)
        overlapped = max(size + max(problem.up(nearest), 0), output)
        return rest + min(size + output, overlapped)

    def at(self, moment: int) -> int:
        """At a moment, in the least of its ways."""
        stages = self.stages.get(moment, ())
        return max(
            (min(self.need(stage, way) for way in stage.ways) for stage in stages),
            default=self.live[moment],
        )

    def least(self) -> int:
        """At the worst moment, in the least ways."""
        return max(map(self.at, self.live), default=0)

    def apart(self) -> int:
        """The same, if nothing may overlap."""
        return max(
            (
                live
                + max(
                    (
                        min(self.problem.up(stage.scratch_bytes(way)) for way in stage.ways)
                        for stage in self.stages.get(moment, ())
                    ),
                    default=0,
                )
                for moment, live in self.live.items()
            ),
            default=0,
        )
