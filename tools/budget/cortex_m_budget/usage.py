# SPDX-License-Identifier: Apache-2.0
"""What an image takes of flash, RAM, arena and stack, and what makes it up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cortex_m_report import contents, groups
from cortex_m_report.linkmap import Pieces
from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile

FLASH, RAM, ARENA, STACK = "flash", "ram", "arena", "stack"

# Longest list of rows below one heading; the rest is summed up.
_ROWS = 12


@dataclass(frozen=True)
class Row:
    """One thing that takes bytes."""

    what: str
    bytes: int


@dataclass(frozen=True)
class Usage:
    """Bytes of one kind of memory and what they are for, largest first.

    `unknown` says why the bytes may be too few.
    """

    kind: str
    bytes: int
    rows: tuple[Row, ...]
    unknown: tuple[str, ...] = ()


def _is_arena(section: str) -> bool:
    return section == ".arena" or section.startswith(".arena_bank_")


def _rows(parts: Iterable[tuple[str, int]], total: int) -> tuple[Row, ...]:
    """Sums by name, largest first, and what is left of the total as alignment."""
    sums: dict[str, int] = {}
    for what, size in parts:
        sums[what] = sums.get(what, 0) + size
    rows = sorted((Row(*one) for one in sums.items() if one[1]), key=lambda r: (-r.bytes, r.what))
    if len(rows) > _ROWS:
        rest = rows[_ROWS - 1 :]
        rows = [*rows[: _ROWS - 1], Row(f"{len(rest)} more", sum(row.bytes for row in rest))]
    left = total - sum(row.bytes for row in rows)
    return (*rows, Row("alignment", left)) if left > 0 else tuple(rows)


def _describe(item: contents.Item) -> str:
    owner = item.owner
    return f"{owner.group} of {owner.model}" if owner.model else owner.group


def measure(
    elf: ELFFile,
    linkmap: Mapping[str, Pieces],
    plans: Sequence[dict[str, Any]],
    stack: dict[str, Any] | None,
) -> dict[str, Usage]:
    """What an image takes, by kind.

    Args:
        elf: the image, with symbols.
        linkmap: its map.
        plans: NAME_plan.json of its models.
        stack: NAME.stack.json; without it the stack's worst case is left out.
    """
    items = contents.read(elf, linkmap, plans)
    writable = {
        section.name
        for section in elf.iter_sections()
        if section["sh_flags"] & SH_FLAGS.SHF_ALLOC
        and (section["sh_flags"] & SH_FLAGS.SHF_WRITE or section["sh_type"] == "SHT_NOBITS")
    }
    flash = sum(segment["p_filesz"] for segment in elf.iter_segments("PT_LOAD"))
    ram = sum(_size(elf, name) for name in writable if name != ".tbss")
    arenas = sum(_size(elf, name) for name in writable if _is_arena(name))
    usages = {
        FLASH: Usage(
            FLASH, flash, _rows(((_describe(i), i.bytes) for i in items if i.loaded), flash)
        ),
        RAM: Usage(RAM, ram, _rows(_ram_parts(items, writable), ram)),
        ARENA: Usage(
            ARENA,
            arenas,
            _rows(((_arena(i), i.bytes) for i in items if _is_arena(i.section)), arenas),
        ),
    }
    if stack is not None:
        usages[STACK] = _stack(stack)
    return usages


def _arena(item: contents.Item) -> str:
    """An arena by its model, or by its symbol if several share it."""
    return f"arena of {item.owner.model}" if item.owner.model else item.name


def _size(elf: ELFFile, name: str) -> int:
    return elf.get_section_by_name(name)["sh_size"]


def _ram_parts(items: Sequence[contents.Item], writable: set[str]) -> Iterable[tuple[str, int]]:
    for item in items:
        if item.section not in writable or item.section == ".tbss":
            continue
        if item.section == ".stack":
            yield "stack, reserved", item.bytes
        elif _is_arena(item.section):
            yield _arena(item), item.bytes
        elif item.owner.group == groups.PADDING:
            yield "alignment", item.bytes
        else:
            yield f"data of {_describe(item)}", item.bytes


def _stack(table: dict[str, Any]) -> Usage:
    """The deepest path, in the order of its calls."""
    rows = tuple(Row(step["function"], step["bytes"]) for step in table["path"] if step["bytes"])
    unknown = tuple(one["text"] for one in table["unknown"])
    return Usage(STACK, table["worst_case"], rows, unknown)
