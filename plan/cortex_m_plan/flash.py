# SPDX-License-Identifier: Apache-2.0
"""What of the constants goes into flash, and where: the program's that are read, and tables.

With the program embedded whole its constants stay where they are in it. Otherwise those that
nothing reads are left out, and the others move together, each still aligned to ALIGNMENT.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cortex_m_plan.program import Constants, Tensor
from cortex_m_plan.step import Pointer, Step, Table

ALIGNMENT = 16


@dataclass(frozen=True)
class Piece:
    """Neighbouring bytes of the constant segment: where they start there, and where in flash."""

    start: int
    bytes: int
    offset: int

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
    """A table in flash, and the steps that read it, by instruction and part."""

    table: Table
    offset: int
    readers: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Flash:
    """Where constants and tables lie.

    Attributes:
        constant_bytes: of the program's constants, what is loaded.
        pieces: what of the constant segment is loaded, if not the whole program is.
        dropped: constants that no step reads: loaded only as a part of the whole program.
        tables: each from the start of all of them.
    """

    constant_bytes: int
    pieces: tuple[Piece, ...]
    dropped: tuple[DroppedConstant, ...]
    tables: tuple[PlacedTable, ...]
    table_offsets: dict[bytes, int] = field(repr=False, default_factory=dict)

    @property
    def table_bytes(self) -> int:
        return sum(_aligned(len(placed.table.data)) for placed in self.tables)

    @property
    def bytes(self) -> int:
        """Constants and tables together."""
        return self.constant_bytes + self.table_bytes

    def offset(self, constant: Tensor | Table) -> int:
        """Where a constant lies, from the start of the constants, or a table, from theirs."""
        if isinstance(constant, Table):
            return self.table_offsets[constant.data]
        for piece in self.pieces:
            if piece.start <= constant.offset < piece.end:
                return constant.offset - piece.start + piece.offset
        return constant.offset

    def tables_data(self) -> bytes:
        """All tables, each padded to ALIGNMENT."""
        return b"".join(
            placed.table.data + bytes(-len(placed.table.data) % ALIGNMENT) for placed in self.tables
        )


def place(constants: Constants, steps: Sequence[Step], whole: bool) -> Flash:
    """Lays out what the steps read.

    Args:
        constants: the program's.
        whole: whether the program is loaded whole.
    """
    ends = _ends(constants, steps)
    dropped = tuple(_dropped(constants, set(ends)))
    tables = _tables(steps)
    offsets = {placed.table.data: placed.offset for placed in tables}
    if whole:
        return Flash(constants.bytes, (), dropped, tables, offsets)
    pieces: list[Piece] = []
    used = 0
    for start, end in sorted(ends.items()):
        last = pieces[-1] if pieces else None
        # Constants that lie behind each other stay one piece.
        if last is not None and start == last.start + _aligned(last.bytes):
            pieces[-1] = Piece(last.start, end - last.start, last.offset)
        else:
            pieces.append(Piece(start, end - start, used))
        used = pieces[-1].offset + _aligned(pieces[-1].bytes)
    return Flash(used, tuple(pieces), dropped, tables, offsets)


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
        placed.append(PlacedTable(table, used, tuple(readers)))
        used += _aligned(len(table.data))
    return tuple(placed)


def _aligned(size: int) -> int:
    return (size + ALIGNMENT - 1) // ALIGNMENT * ALIGNMENT
