# SPDX-License-Identifier: Apache-2.0
"""What has to be placed: blocks with lifetimes, scratch, and which of them may share bytes.

Blocks that live at a common moment lie apart, with one exception: an input that a step reads for
the last time may lie over the step's one output where a clause of the step's way permits it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cortex_m_plan.memory import Buffer, Memory, Value
from cortex_m_plan.operators import Call
from cortex_m_plan.program import Tensor
from cortex_m_plan.spread import Group
from cortex_m_plan.step import Pointer, Step
from cortex_m_plan.ways import Clause, Way

ALIGNMENT = 4
"""Of every tensor, at least, so that kernels may read words."""

PORT_ALIGNMENT = 16
"""Of the model's inputs and outputs, and of scratch."""


class Piece(NamedTuple):
    """Bytes of a block that live from one moment to another, both included."""

    at: int
    bytes: int
    first: int
    last: int

    @property
    def end(self) -> int:
        return self.at + self.bytes

    def lives(self, moment: int) -> bool:
        return self.first <= moment <= self.last


@dataclass(frozen=True)
class Block:
    """Bytes that move together. `touched` is how often a byte is read or written, on average."""

    alignment: int
    bytes: int
    pieces: tuple[Piece, ...]
    touched: float = 0.0

    def live_bytes(self, moment: int) -> int:
        """Bytes of all pieces at a moment; what two of them share counts once."""
        used, end = 0, 0
        for piece in sorted(piece for piece in self.pieces if piece.lives(moment)):
            used += max(piece.end - max(piece.at, end), 0)
            end = max(end, piece.end)
        return used


@dataclass(frozen=True)
class Pair:
    """An input that dies in a step, a piece of it, and the step's output.

    `source` and `target` are blocks; `source_at` and `target_at` where in them the step's arguments
    point, and the distance of those two addresses is what clauses are about. `roles` are all
    arguments by which the step reads the piece.
    """

    source: int
    piece: Piece
    source_at: int
    target: int
    target_piece: Piece
    target_at: int
    roles: tuple[str, ...]

    def clauses(self, way: Way) -> tuple[Clause, ...]:
        """What a way permits; nothing where it is not the same for all roles."""
        first, *others = (way.clauses.get(role, ()) for role in self.roles)
        return tuple(first) if all(tuple(other) == tuple(first) for other in others) else ()


@dataclass(frozen=True)
class Stage:
    """A step: when it runs, in which ways it can, and what may overlap in it.

    `scratch` is the tensor of its scratch, None if it takes none; `work` how much there is to do.
    """

    moment: int
    part: int
    ways: tuple[Way, ...]
    pairs: tuple[Pair, ...] = ()
    scratch: Tensor | None = None
    work: int = 0

    def scratch_bytes(self, way: Way) -> int:
        return way.scratch if self.scratch is not None else 0


@dataclass(frozen=True)
class Problem:
    """Blocks and stages. Sizes are multiples of `unit`, and so are all addresses that matter."""

    blocks: tuple[Block, ...]
    stages: tuple[Stage, ...]
    unit: int

    def up(self, size: int) -> int:
        return -(-size // self.unit) * self.unit

    def moments(self) -> list[int]:
        """The moments at which something comes to life, hence also those with most bytes."""
        born = {piece.first for block in self.blocks for piece in block.pieces}
        return sorted(born | {stage.moment for stage in self.stages})

    def meeting(self) -> Iterator[tuple[int, int]]:
        """Pairs of blocks that live at a common moment."""
        for one, block in enumerate(self.blocks):
            for other in range(one + 1, len(self.blocks)):
                if any(
                    a.first <= b.last and b.first <= a.last
                    for a in block.pieces
                    for b in self.blocks[other].pieces
                ):
                    yield one, other


def build(
    groups: Sequence[Group],
    calls: Sequence[Call],
    made: Sequence[tuple[Step, ...]],
    layout: Memory,
) -> Problem:
    """The problem of a program.

    Args:
        groups: of the buffers of `layout`, without those of scratch.
        made: of each call, the steps of the chosen kernels.
    """
    plain = all(at % ALIGNMENT == 0 for group in groups for _, at in group.buffers)
    unit = ALIGNMENT if plain else 1
    touched = _touched(made, layout)
    blocks = tuple(_block(group, unit, touched) for group in groups)
    places = {
        id(buffer): (number, piece, at)
        for number, group in enumerate(groups)
        for (buffer, at), piece in zip(group.buffers, blocks[number].pieces, strict=True)
    }
    stages = tuple(
        stage
        for moment, (call, steps) in enumerate(zip(calls, made, strict=True))
        for stage in _stages(moment, call, steps, layout, groups, places)
    )
    return Problem(blocks, stages, unit)


def is_scratch(group: Group) -> bool:
    return any(buffer.kind == "scratch" for buffer, _ in group.buffers)


def _block(group: Group, unit: int, touched: Mapping[int, float]) -> Block:
    ports = any(buffer.kind in ("input", "output") for buffer, _ in group.buffers)
    pieces = tuple(
        Piece(at, -(-buffer.tensor.bytes // unit) * unit, buffer.first, buffer.last)
        for buffer, at in group.buffers
    )
    size = max(piece.end for piece in pieces)
    accesses = sum(touched.get(id(buffer), 0.0) for buffer, _ in group.buffers)
    return Block(
        max(ALIGNMENT, group.alignment, PORT_ALIGNMENT * ports), size, pieces, accesses / size
    )


def _stages(
    moment: int,
    call: Call,
    steps: tuple[Step, ...],
    layout: Memory,
    groups: Sequence[Group],
    places: Mapping[int, tuple[int, Piece, int]],
) -> Iterator[Stage]:
    for step in steps:
        if not step.kernel:
            continue
        pairs = ()
        if len(steps) == 1:
            pairs = tuple(_pairs(moment, call, step, layout, groups, places))
        yield Stage(
            moment=moment,
            part=step.part,
            ways=step.ways,
            pairs=pairs,
            scratch=step.scratches[0].tensor if step.scratches else None,
            work=step.macs or sum(value.tensor.bytes for value in layout.accesses[moment].writes),
        )


def _pairs(
    moment: int,
    call: Call,
    step: Step,
    layout: Memory,
    groups: Sequence[Group],
    places: Mapping[int, tuple[int, Piece, int]],
) -> Iterator[Pair]:
    access = layout.accesses[moment]
    pointers = [
        item
        for item in step.arguments
        if isinstance(item, Pointer)
        and isinstance(item.tensor, Tensor)
        and item.tensor.constant is None
        and not item.role.endswith("scratch")
    ]
    written = [pointer for pointer in pointers if pointer.writable]
    read = [pointer for pointer in pointers if not pointer.writable]
    values = {tensor.id: value for tensor, value in zip(call.reads, access.reads, strict=True)}
    if len(written) != 1 or len(access.writes) != 1 or len(access.writes[0].buffers) != 1:
        return
    (target,) = access.writes[0].buffers
    known = all(pointer.tensor.id in values for pointer in read)
    if not known or target.first != moment or written[0].tensor.bytes != target.tensor.bytes:
        return
    number, target_piece, target_at = places[id(target)]
    for buffer in _buffers(values.values()):
        readers = [item for item in read if buffer in values[item.tensor.id].buffers]
        source, piece, _ = places[id(buffer)]
        starts = {groups[source].tensors[item.tensor.id] + item.at for item in readers}
        if buffer.first < moment == buffer.last and len(starts) == 1 and source != number:
            yield Pair(
                source,
                piece,
                starts.pop(),
                number,
                target_piece,
                target_at + written[0].at,
                tuple(item.role for item in readers),
            )


def _buffers(values: Iterator[Value]) -> list[Buffer]:
    """The buffers of values, each once."""
    return list({id(buffer): buffer for value in values for buffer in value.buffers}.values())


def _touched(made: Sequence[tuple[Step, ...]], layout: Memory) -> dict[int, float]:
    """How many bytes of each buffer are read or written in a run, at most.

    A step writes its output once, and reads an input once, or as often as it multiplies it.
    """
    found: dict[int, float] = {}
    for steps, access in zip(made, layout.accesses, strict=True):
        if not any(step.kernel for step in steps):
            continue
        work = sum(step.macs for step in steps)
        for value in access.writes:
            for buffer in value.buffers:
                found[id(buffer)] = found.get(id(buffer), 0.0) + buffer.tensor.bytes
        for buffer in _buffers(access.reads):
            found[id(buffer)] = found.get(id(buffer), 0.0) + max(work, buffer.tensor.bytes)
    return found
