# SPDX-License-Identifier: Apache-2.0
"""What the counter plugin wrote down; its head describes the file."""

from dataclasses import dataclass, field
from pathlib import Path

from cortex_m_profile.errors import ProfileError


@dataclass(frozen=True)
class Block:
    """Straight code: `times` executed, `left` of them to another address than the next."""

    start: int
    instructions: int
    times: int
    left: int


@dataclass(frozen=True)
class Access:
    """What one instruction read and wrote in all; an access has four bytes at most."""

    loads: int = 0
    load_bytes: int = 0
    stores: int = 0
    store_bytes: int = 0


@dataclass
class Counts:
    """All runs of all run functions, by bucket. A run is the instructions of its buckets."""

    runs: dict[int, list[list[int]]] = field(default_factory=dict)
    blocks: dict[int, list[Block]] = field(default_factory=dict)
    accesses: dict[int, dict[int, Access]] = field(default_factory=dict)


def read(path: Path) -> Counts:
    """Reads the plugin's file."""
    counts = Counts()
    for line in path.read_text("ascii").splitlines():
        kind, *words = line.split()
        bucket, *numbers = map(int, words)
        if kind == "run":
            counts.runs.setdefault(bucket, []).append(numbers)
        elif kind == "block":
            counts.blocks.setdefault(bucket, []).append(Block(*numbers))
        elif kind == "access":
            address, *amounts = numbers
            counts.accesses.setdefault(bucket, {})[address] = Access(*amounts)
        elif kind == "unfinished":
            raise ProfileError(
                "the emulator ended inside an inference: there is nothing whole to show"
            )
        else:
            raise ProfileError(f"{path}: not made by this version of the plugin: {line}")
    return counts
