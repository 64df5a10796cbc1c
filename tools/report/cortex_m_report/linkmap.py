# SPDX-License-Identifier: Apache-2.0
"""GNU ld's map: which object each run of bytes of an image comes from."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

_START = "Linker script and memory map"

# A name may have a line of its own when it is long.
_OUTPUT = re.compile(r"^(\.[^ ]+)(?: |$)")
_NAME = re.compile(r"^ ([.\w][^ ]*)$")
_PIECE = re.compile(r"^ ([.\w][^ ]*)? *0x([0-9a-f]+) +0x([0-9a-f]+) (\S.*)$")
_ARCHIVE = re.compile(r"^(.*)\(([^()]+)\)$")


class Piece(NamedTuple):
    """An input section: its name, address, bytes, and the object or archive it comes from.

    `member` is the object's name in its archive, or else the last part of its path.
    """

    section: str
    address: int
    bytes: int
    file: str
    member: str


class Pieces:
    """The pieces of one output section that have bytes, by address."""

    def __init__(self, pieces: list[Piece]) -> None:
        self._pieces = sorted(pieces, key=lambda piece: piece.address)
        self._starts = [piece.address for piece in self._pieces]

    def at(self, address: int) -> Piece | None:
        """The piece that holds an address."""
        place = bisect_right(self._starts, address) - 1
        if place < 0:
            return None
        piece = self._pieces[place]
        return piece if address < piece.address + piece.bytes else None

    def end(self, start: int, end: int) -> int:
        """Where the bytes from `start` end: their piece, or the gap to the next; `end` at most."""
        piece = self.at(start)
        if piece:
            return min(end, piece.address + piece.bytes)
        following = bisect_left(self._starts, start)
        return min([end, *self._starts[following : following + 1]])


def read(text: str) -> dict[str, Pieces]:
    """The pieces by output section."""
    found: dict[str, list[Piece]] = {}
    for output, piece in _pieces(text):
        found.setdefault(output, []).append(piece)
    return {output: Pieces(pieces) for output, pieces in found.items()}


def _pieces(text: str) -> Iterator[tuple[str, Piece]]:
    output = name = ""
    for line in text.partition(_START)[2].splitlines():
        if head := _OUTPUT.match(line):
            output = head[1]
        if alone := _NAME.match(line):
            name = alone[1]
            continue
        found = _PIECE.match(line)
        section, name = (found and found[1]) or name, ""
        if found and section and int(found[3], 16):
            archive = _ARCHIVE.match(found[4])
            path, member = archive.groups() if archive else (found[4], found[4].rpartition("/")[2])
            yield output, Piece(section, int(found[2], 16), int(found[3], 16), path, member)
