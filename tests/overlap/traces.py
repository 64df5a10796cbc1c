# SPDX-License-Identifier: Apache-2.0
"""What tracer.c records of calls, and how close an input may come to the output by that."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

_COUNTS = 3
_INPUTS = 6
_NEVER = np.iinfo(np.int32).max


@dataclass(frozen=True)
class Trace:
    """When a call read and wrote, as numbers of its accesses from 1; 0 is never.

    Attributes:
        stray_stores: bytes stored outside of output, scratch and stack.
        early_scratch: bytes of scratch loaded before they were written. Kernels that take whole
            vectors or pairs do that, and give such bytes no weight.
        early_output: bytes of the output loaded before they were written.
        first: of each byte of the output, its first store.
        last: of each byte of the output, its last store.
        loads: by input, of each byte, its last load.
    """

    stray_stores: int
    early_scratch: int
    early_output: int
    first: np.ndarray
    last: np.ndarray
    loads: tuple[np.ndarray, ...]

    @property
    def unwritten(self) -> int:
        """Bytes of the output that were never written."""
        return int((self.first == 0).sum())

    @property
    def rewritten(self) -> int:
        """Bytes of the output that were written more than once."""
        return int((self.first != self.last).sum())

    def closest(self, place: int, multiple: int = 1) -> int:
        """The least safe distance from the output's start to an input's that is such a multiple.

        Every larger one is safe, too. A byte of the output that was written before a byte of the
        input was read for the last time must not lie at its address.
        """
        loads = self.loads[place]
        least = -(loads.size // multiple) * multiple  # from there on down they lie apart
        first = np.where(self.first == 0, _NEVER, self.first)
        for rest in range(min(multiple, loads.size)):
            written = np.arange(rest, first.size, multiple)
            order = np.argsort(first[written], kind="stable")
            highest = np.maximum.accumulate(written[order])
            read = np.arange(rest, loads.size, multiple)
            before = np.searchsorted(first[written][order], loads[read], side="left")
            collide = before > 0
            if collide.any():
                unsafe = int((highest[before[collide] - 1] - read[collide]).max())
                least = max(least, unsafe + multiple)
        return least


def read_traces(path: Path) -> list[Trace]:
    """The traces of a file, in the order of the calls."""
    numbers = np.fromfile(path, dtype=np.int32)
    traces = []
    at = 0
    while at < numbers.size:
        counts = [int(n) for n in numbers[at : at + _COUNTS]]
        at += _COUNTS
        output, *inputs = (int(n) for n in numbers[at : at + 1 + _INPUTS])
        at += 1 + _INPUTS
        parts = []
        for size in (output, output, *inputs):
            parts.append(numbers[at : at + size])
            at += size
        traces.append(Trace(*counts, parts[0], parts[1], tuple(parts[2:])))
    return traces
