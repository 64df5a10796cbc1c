# SPDX-License-Identifier: Apache-2.0
"""What of the constants goes into flash, and where: the program's that are read, and tables.

Each is an object of its own, named by the hash of its bytes, so that the linker keeps one of those
that are equal, in one model or in several of an image. With the program embedded whole its
constants stay where they are in it; nothing reads some of them. Otherwise those are left out.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cortex_m_plan.program import Constants, Tensor
from cortex_m_plan.step import Pointer, Step, Table

ALIGNMENT = 16

_DIGITS = 32


@dataclass(frozen=True)
class Piece:
    """A constant of the program: where it starts in the constant segment, and its C symbol."""

    start: int
    bytes: int
    symbol: str

    @property
    def end(self) -> int:
        return self.start + self.bytes


@dataclass(frozen=True)
class DroppedConstant:
    """A constant of the program that no step reads. `bytes` with the padding after it."""

    index: int
    offset: int
    bytes: int


@dataclass(frozen=True)
class PlacedTable:
    """A table in flash, its C symbol, and the steps that read it, by instruction and part.

    `offset` is where it lies in the file of all tables.
    """

    table: Table
    offset: int
    symbol: str
    readers: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Flash:
    """Where constants and tables lie.

    Attributes:
        constant_bytes: of the program's constants, what is loaded.
        pieces: the constants that are loaded, if not the whole program is.
        dropped: constants that no step reads: loaded only as a part of the whole program.
        tables: equal ones once.
    """

    constant_bytes: int
    pieces: tuple[Piece, ...]
    dropped: tuple[DroppedConstant, ...]
    tables: tuple[PlacedTable, ...]

    @property
    def table_bytes(self) -> int:
        return sum(_aligned(len(placed.table.data)) for placed in self.tables)

    @property
    def bytes(self) -> int:
        """Constants and tables together."""
        return self.constant_bytes + self.table_bytes

    @property
    def symbols(self) -> list[str]:
        """The C symbols of all, each once."""
        return list(dict.fromkeys(one.symbol for one in (*self.pieces, *self.tables)))

    def place(self, constant: Tensor | Table) -> tuple[str, int]:
        """The symbol of the object a constant or table lies in, and where in it.

        The symbol is empty for a constant of a program that is loaded whole; the offset is from
        the start of its constant segment then.
        """
        if isinstance(constant, Table):
            return symbol_of(constant.data), 0
        for piece in self.pieces:
            if piece.start <= constant.offset < piece.end:
                return piece.symbol, constant.offset - piece.start
        return "", constant.offset

    def tables_data(self) -> bytes:
        """All tables, each padded to ALIGNMENT."""
        return b"".join(
            placed.table.data + bytes(-len(placed.table.data) % ALIGNMENT) for placed in self.tables
        )


def symbol_of(data: bytes) -> str:
    """The C symbol of constant bytes."""
    return f"cortex_m_constant_{hashlib.sha256(data).hexdigest()[:_DIGITS]}"


def place(constants: Constants, steps: Sequence[Step], whole: bool) -> Flash:
    """Lays out what the steps read.

    Args:
        constants: the program's.
        whole: whether the program is loaded whole.
    """
    ends = _ends(constants, steps)
    dropped = tuple(_dropped(constants, set(ends)))
    tables = _tables(steps)
    if whole:
        return Flash(constants.bytes, (), dropped, tables)
    pieces = tuple(
        Piece(start, end - start, symbol_of(constants.data[start:end]))
        for start, end in sorted(ends.items())
    )
    sizes = {piece.symbol: _aligned(piece.bytes) for piece in pieces}
    return Flash(sum(sizes.values()), pieces, dropped, tables)


def _pointers(steps: Sequence[Step]) -> Iterator[tuple[Step, Tensor | Table]]:
    """What the steps read from flash."""
    for step in steps:
        for tensor in (item.tensor for item in step.arguments if isinstance(item, Pointer)):
            if isinstance(tensor, Table) or (tensor is not None and tensor.constant is not None):
                yield step, tensor


def _ends(constants: Constants, steps: Sequence[Step]) -> dict[int, int]:
    """Of each constant that is read, from its start, how far. A tensor may be a part of one."""
    ends: dict[int, int] = {}
    for _, tensor in _pointers(steps):
        if isinstance(tensor, Tensor):
            start = constants.offsets[tensor.constant]
            ends[start] = max(ends.get(start, 0), tensor.end)
    return ends


def _dropped(constants: Constants, read: set[int]) -> Iterator[DroppedConstant]:
    """Entries of the table whose bytes nothing reads (two entries may share their bytes)."""
    seen = set(read)
    for index in range(1, len(constants.offsets)):
        offset, size = constants.offsets[index], constants.extent(index)
        if offset not in seen and size:
            seen.add(offset)
            yield DroppedConstant(index, offset, size)


def _tables(steps: Sequence[Step]) -> tuple[PlacedTable, ...]:
    """The tables of all steps, equal ones once."""
    found: dict[bytes, tuple[Table, list[tuple[int, int]]]] = {}
    for step, table in _pointers(steps):
        if isinstance(table, Table):
            _, readers = found.setdefault(table.data, (table, []))
            readers.append((step.instruction.index, step.part))
    placed, used = [], 0
    for table, readers in found.values():
        placed.append(PlacedTable(table, used, symbol_of(table.data), tuple(readers)))
        used += _aligned(len(table.data))
    return tuple(placed)


def _aligned(size: int) -> int:
    return (size + ALIGNMENT - 1) // ALIGNMENT * ALIGNMENT
