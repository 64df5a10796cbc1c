# SPDX-License-Identifier: Apache-2.0
"""A way in which a kernel walks through a call: its scratch, and how far it may overlap."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Clause(NamedTuple):
    """How an input may lie over the output: one place beside "nowhere at all".

    Safe is `input address - output address >= distance`, in bytes, where the difference is a
    multiple of `multiple`: then every byte of the input is read before the output's byte at the
    same address is written. A distance may be negative.
    """

    distance: int
    multiple: int = 1

    def permits(self, delta: int) -> bool:
        """Whether the input may start `delta` bytes behind the output's start."""
        return delta >= self.distance and delta % self.multiple == 0


@dataclass(frozen=True)
class Way:
    """One of a kernel's ways.

    Attributes:
        tile: what the kernel is told (the argument of that name); 0 for a kernel that has one way.
        text: what it computes at once, e.g. "4 pixels x 1 channel".
        scratch: bytes of scratch, aligned to 16.
        clauses: by the role of an input, any of which suffices; an input that is not named has to
            lie apart from the output. Two inputs may be overlapped at once.
    """

    tile: int = 0
    text: str = ""
    scratch: int = 0
    clauses: Mapping[str, tuple[Clause, ...]] = field(default_factory=dict)
