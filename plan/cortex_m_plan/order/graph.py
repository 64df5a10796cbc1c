# SPDX-License-Identifier: Apache-2.0
"""Calls, what they wait for, and the bytes that live between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

START = -1
"""The writer of what is there before the first call."""


class Item(NamedTuple):
    """Bytes that are written at once and read as long as each other.

    `readers` is a set of calls as bits; bit `len(calls)` stands for the application.
    """

    bytes: int
    writer: int
    readers: int


class Saving(NamedTuple):
    """A way of a call: its scratch, and the bytes saved where an input dies under the output.

    `inputs` has the bytes for each item that may be overlapped.
    """

    scratch: int
    inputs: Mapping[int, int]


@dataclass(frozen=True)
class Graph:
    """What the search sees of a program.

    Attributes:
        before: of each call, the calls that have to come before it, as bits.
        items: all bytes of the arena, scratch left out.
        ways: of each call, at least one.
    """

    before: Sequence[int]
    items: Sequence[Item]
    ways: Sequence[Sequence[Saving]] = field(repr=False)

    @property
    def count(self) -> int:
        return len(self.before)

    @cached_property
    def written(self) -> tuple[tuple[int, ...], ...]:
        """The items that each call writes."""
        return tuple(
            tuple(at for at, item in enumerate(self.items) if item.writer == call)
            for call in range(self.count)
        )

    @cached_property
    def read(self) -> tuple[tuple[int, ...], ...]:
        """The items that each call reads."""
        return tuple(
            tuple(at for at, item in enumerate(self.items) if item.readers >> call & 1)
            for call in range(self.count)
        )

    @cached_property
    def given(self) -> int:
        """Bytes that live before the first call."""
        return sum(item.bytes for item in self.items if item.writer == START)

    def after(self, call: int, done: int, live: int) -> tuple[int, int]:
        """What a call costs when it comes next.

        Args:
            done: the calls before it, as bits.
            live: bytes that live before it.

        Returns:
            The bytes that live while it runs, scratch among them, and those that live afterwards.
        """
        made, kept, sources, ways = self._calls[call]
        now = done | 1 << call
        freed = 0
        dead = set()
        for at, size, readers in sources:
            if not readers & ~now:
                freed += size
                dead.add(at)
        more = min(
            scratch + made - min(sum(size for at, size in inputs if at in dead), made)
            for scratch, inputs in ways
        )
        return live + more, live + kept - freed

    @cached_property
    def _calls(self) -> list[tuple]:
        """Of each call: bytes it writes, those of them that are read, its sources, its ways."""
        return [
            (
                sum(self.items[at].bytes for at in self.written[call]),
                sum(self.items[at].bytes for at in self.written[call] if self.items[at].readers),
                [(at, self.items[at].bytes, self.items[at].readers) for at in self.read[call]],
                [(way.scratch, tuple(way.inputs.items())) for way in self.ways[call]],
            )
            for call in range(self.count)
        ]

    def peak(self, order: Sequence[int]) -> int:
        """The most bytes that live at once when the calls run in an order."""
        done, live = 0, self.given
        peak = live
        for call in order:
            running, live = self.after(call, done, live)
            peak = max(peak, running)
            done |= 1 << call
        return peak
