# SPDX-License-Identifier: Apache-2.0
"""Every byte an image occupies: by symbol, section, object and group."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile

from cortex_m_report import groups
from cortex_m_report.linkmap import Pieces

_WORD = 4


@dataclass(frozen=True)
class Item:
    """Bytes of one symbol, or what no symbol covers of an input section.

    `section` is the output section; `loaded` tells whether the bytes are in flash, `address` is
    where they are used.
    """

    name: str
    owner: groups.Owner
    object: str
    section: str
    address: int
    bytes: int
    loaded: bool


@dataclass(frozen=True)
class _Symbol:
    name: str
    start: int
    end: int


def read(
    elf: ELFFile, linkmap: Mapping[str, Pieces], plans: Sequence[dict[str, Any]]
) -> list[Item]:
    """The contents of all sections that have an address, in their order, without gaps.

    Args:
        linkmap: the linker's map, see linkmap.py.
    """
    known = groups.owners(plans)
    models = [plan["name"] for plan in plans]
    symbols = _symbols(elf)
    starts = [symbol.start for symbol in symbols]
    items = []
    for section in elf.iter_sections():
        start, size = section["sh_addr"], section["sh_size"]
        if not section["sh_flags"] & SH_FLAGS.SHF_ALLOC or not size:
            continue
        inside = symbols[bisect_left(starts, start) : bisect_right(starts, start + size - 1)]
        loaded = section["sh_type"] != "SHT_NOBITS"
        pieces = linkmap.get(section.name) or Pieces([])
        for name, first, end in _runs(inside, pieces, start, start + size):
            # A function's last bytes, up to the next word.
            piece = pieces.at(first) if name or end - first >= _WORD else None
            owner = groups.of(name, piece, known, models)
            shown = name or (piece.section if piece else section.name)
            origin = piece.member if piece else ""
            items.append(Item(shown, owner, origin, section.name, first, end - first, loaded))
    return items


def _symbols(elf: ELFFile) -> list[_Symbol]:
    """Functions and objects by address; of those at one address the longest first, then by name."""
    table = elf.get_section_by_name(".symtab")
    found: list[_Symbol] = []
    for symbol in table.iter_symbols() if table is not None else ():
        kind, size = symbol["st_info"]["type"], symbol["st_size"]
        if kind in ("STT_FUNC", "STT_OBJECT") and size and symbol["st_shndx"] != "SHN_UNDEF":
            start = symbol["st_value"] & ~(kind == "STT_FUNC")
            name = symbol.name.partition(".lto_priv")[0]
            found.append(_Symbol(name, start, start + size))
    return sorted(found, key=lambda one: (one.start, -one.end, one.name))


def _runs(
    symbols: Sequence[_Symbol], pieces: Pieces, start: int, end: int
) -> Iterator[tuple[str, int, int]]:
    """A section cut into symbols, and what is between them at the borders of pieces."""
    cursor = start
    for symbol in symbols:
        if symbol.start < cursor:
            continue
        yield from _between(pieces, cursor, symbol.start)
        yield symbol.name, symbol.start, min(symbol.end, end)
        cursor = min(symbol.end, end)
    yield from _between(pieces, cursor, end)


def _between(pieces: Pieces, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    while start < end:
        stop = pieces.end(start, end)
        yield "", start, stop
        start = stop
