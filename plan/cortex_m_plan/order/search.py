# SPDX-License-Identifier: Apache-2.0
"""The order with the least peak.

A state is a set of calls that have run; how it was reached matters to the peak so far alone. The
search takes up the state with the lowest peak so far, of several the one that is furthest, so the
first complete one is optimal. It leaves out whatever does not stay below the program's own peak.

A call that costs nothing - it does not raise the peak, and no more bytes live after it - is run at
once: every completion that runs it later stays as good when it is moved to the front, since what it
frees is free, and inputs that it shares die, no later than before.

Where there are too many states, each number of calls keeps only the best few.
"""

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import NamedTuple

from cortex_m_plan.order.graph import Graph

_MOST_STATES = 4_000
_WIDTH = 24


class Found(NamedTuple):
    """An order, its peak in bytes, and whether no order has a lower one."""

    calls: tuple[int, ...]
    peak: int
    optimal: bool


class _State(NamedTuple):
    """`trail` are the calls so far, the last one first, as a linked list."""

    peak: int
    left: int
    number: int
    live: int
    done: int
    trail: tuple | None


def search(graph: Graph, *, states: int = _MOST_STATES, width: int = _WIDTH) -> Found:
    """The best order there is, or that is found; the program's own unless another is better.

    Args:
        states: how many the exact search looks at.
        width: how many it keeps for each number of calls where that was not enough.
    """
    own = tuple(range(graph.count))
    limit = graph.peak(own)
    if limit == _floor(graph):
        return Found(own, limit, True)
    exact = _exact(graph, limit, states)
    if exact is not None:
        return exact if exact.calls else Found(own, limit, True)
    return _beam(graph, limit, width) or Found(own, limit, False)


def _floor(graph: Graph) -> int:
    """What no order goes below: a call with what it reads and writes, and all inputs at once."""
    everything = (1 << graph.count) - 1
    alone = [
        graph.after(
            call,
            everything & ~(1 << call),
            sum(graph.items[at].bytes for at in graph.read[call]),
        )[0]
        for call in range(graph.count)
    ]
    return max(graph.given, *alone, 0)


def _start(graph: Graph) -> _State:
    return _State(graph.given, graph.count, 0, graph.given, 0, None)


def _ready(graph: Graph, done: int) -> Iterator[int]:
    for call in range(graph.count):
        if not done >> call & 1 and not graph.before[call] & ~done:
            yield call


def _next(graph: Graph, state: _State, limit: int) -> list[_State]:
    """The states one call further whose peak stays below a limit: one, if a call is free."""
    found = []
    for call in _ready(graph, state.done):
        running, live = graph.after(call, state.done, state.live)
        if running >= limit:
            continue
        further = _State(
            max(state.peak, running),
            state.left - 1,
            0,
            live,
            state.done | 1 << call,
            (call, state.trail),
        )
        if running <= state.peak and live <= state.live:
            return [further]
        found.append(further)
    return found


def _calls(state: _State) -> tuple[int, ...]:
    calls, trail = [], state.trail
    while trail is not None:
        call, trail = trail
        calls.append(call)
    return tuple(reversed(calls))


def _exact(graph: Graph, limit: int, states: int) -> Found | None:
    """The best order below a limit, none if there is none, or None if there are too many states."""
    number = 0
    heap = [_start(graph)]
    seen = set()
    while heap:
        state = heappop(heap)
        if state.done in seen:
            continue
        if state.left == 0:
            return Found(_calls(state), state.peak, True)
        seen.add(state.done)
        if len(seen) > states:
            return None
        for further in _next(graph, state, limit):
            if further.done not in seen:
                number += 1
                heappush(heap, further._replace(number=number))
    return Found((), limit, True)


def _beam(graph: Graph, limit: int, width: int) -> Found | None:
    """An order below a limit, if one is found."""
    kept = [_start(graph)]
    for _ in range(graph.count):
        best: dict[int, _State] = {}
        for state in kept:
            for further in _next(graph, state, limit):
                known = best.get(further.done)
                if known is None or further.peak < known.peak:
                    best[further.done] = further
        kept = sorted(best.values(), key=lambda one: (one.peak, one.live, one.done))[:width]
    return Found(_calls(kept[0]), kept[0].peak, False) if kept else None
