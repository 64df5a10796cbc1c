# SPDX-License-Identifier: Apache-2.0
"""The deepest path through a call graph."""

from dataclasses import dataclass

from cortex_m_stack.image import Function


@dataclass(frozen=True)
class Step:
    """A function on a path and the bytes it adds."""

    function: str
    bytes: int


@dataclass(frozen=True)
class Worst:
    """The deepest a function gets, with all it calls: bytes, and the path there."""

    bytes: int
    path: tuple[Step, ...]


class Depths:
    """Worst cases of all functions.

    A cycle of calls counts each of its functions as often as the declaration says (once without),
    and what its functions call besides once, behind all of them.

    Args:
        functions: by name.
        recursion: function -> how many calls of it may be active at a time.
    """

    def __init__(self, functions: dict[str, Function], recursion: dict[str, int]) -> None:
        self._functions = functions
        self._recursion = recursion
        self.cycles: list[list[str]] = []
        self._worst: dict[str, Worst] = {}
        for group in _groups(functions):
            if len(group) > 1 or group[0] in functions[group[0]].calls:
                self._solve_cycle(sorted(group))
            else:
                self._solve(group[0])

    def __getitem__(self, name: str) -> Worst:
        return self._worst[name]

    def _solve(self, name: str) -> None:
        function = self._functions[name]
        best = Worst(function.frame, (Step(name, function.frame),))
        for callee, depth in sorted(function.calls.items()):
            below = self._worst[callee]
            if depth + below.bytes > best.bytes:
                best = Worst(depth + below.bytes, (Step(name, depth), *below.path))
        self._worst[name] = best

    def _solve_cycle(self, group: list[str]) -> None:
        times = max(self._recursion.get(name, 0) for name in group)
        if not times:
            self.cycles.append(group)
        steps = [Step(name, self._functions[name].frame * max(times, 1)) for name in group]
        total = sum(step.bytes for step in steps)
        best = Worst(total, tuple(steps))
        for name in group:
            for callee in sorted(set(self._functions[name].calls) - set(group)):
                below = self._worst[callee]
                if total + below.bytes > best.bytes:
                    best = Worst(total + below.bytes, (*steps, *below.path))
        for name in group:
            self._worst[name] = best


def _groups(functions: dict[str, Function]) -> list[list[str]]:
    """Strongly connected components, callees before callers (Tarjan, without recursion)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    groups: list[list[str]] = []
    for root in sorted(functions):
        if root in index:
            continue
        work = [(root, iter(sorted(functions[root].calls)))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            name, callees = work[-1]
            for callee in callees:
                if callee not in index:
                    index[callee] = low[callee] = len(index)
                    stack.append(callee)
                    on_stack.add(callee)
                    work.append((callee, iter(sorted(functions[callee].calls))))
                    break
                if callee in on_stack:
                    low[name] = min(low[name], index[callee])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[name])
                if low[name] == index[name]:
                    group = []
                    while True:
                        group.append(stack.pop())
                        on_stack.discard(group[-1])
                        if group[-1] == name:
                            break
                    groups.append(group)
    return groups
