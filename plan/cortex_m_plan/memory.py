# SPDX-License-Identifier: Apache-2.0
"""Which bytes of the arena live when, and whether the memory plan holds.

A value comes to life when an instruction writes it and lives until the last one that reads it.
A view has no instruction: it is a read, under another shape, of the bytes another tensor wrote.
A copy whose bytes are in place already writes nothing: its result is the value of its source.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import NamedTuple

from cortex_m_plan.errors import PlanError
from cortex_m_plan.layout import is_contiguous, same_layout
from cortex_m_plan.operators import Call
from cortex_m_plan.program import Program, Tensor
from cortex_m_plan.step import Move, Step

BEFORE = -1
"""The moment inputs come to life: the application has written them."""


@dataclass(eq=False)
class Buffer:
    """Bytes of the arena that are written at once: by whom, and how long they live.

    `first` and `last` are instruction indices; BEFORE for inputs, and the number of
    instructions for what the application reads after the run. `views` are the other tensors that
    read the bytes, or a part of them. Where a vanished copy leaves but a part of the bytes to be
    read, that is a buffer of its own, whose `origin` is the one that was written.
    """

    tensor: Tensor
    kind: str
    first: int
    last: int
    views: dict[int, Tensor] = field(default_factory=dict)
    origin: "Buffer | None" = None

    def is_kin(self, other: "Buffer") -> bool:
        """Whether both hold what was written once, so that they may share bytes."""
        return (self.origin or self) is (other.origin or other)


@dataclass(eq=False)
class Value:
    """What a tensor holds: usually one buffer, several where copies into it have vanished."""

    tensor: Tensor
    buffers: tuple[Buffer, ...]


class Access(NamedTuple):
    """The values an instruction reads, in the order of its arguments, and those it writes."""

    reads: tuple[Value, ...]
    writes: tuple[Value, ...]


@dataclass(frozen=True)
class Memory:
    """All buffers, in the order they come to life, and the accesses of each instruction."""

    buffers: tuple[Buffer, ...]
    accesses: tuple[Access, ...]
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]


def analyse(program: Program, calls: Sequence[Call], steps: Sequence[tuple[Step, ...]]) -> Memory:
    """Follows the program through the arena.

    Args:
        steps: of each call, what it becomes.

    Raises PlanError for a read of bytes that nothing wrote, a view that reinterprets a memory
    order, and values that live at the same time in the same bytes.
    """
    return _Analysis(program).run(calls, steps)


class _Analysis:
    def __init__(self, program: Program):
        self.program = program
        self.buffers: list[Buffer] = []
        # Values whose bytes nothing has overwritten, by tensor; and by the place of their bytes,
        # where several names for the same bytes may meet.
        self.named: dict[int, Value] = {}
        self.placed: dict[tuple[int, int], list[Value]] = {}

    def run(self, calls: Sequence[Call], steps: Sequence[tuple[Step, ...]]) -> Memory:
        inputs = tuple(self._input(tensor) for tensor in self.program.inputs)
        accesses = []
        for index, (call, made) in enumerate(zip(calls, steps, strict=True)):
            reads = tuple(self._read(tensor, index, call) for tensor in call.reads)
            for tensor in call.scratches:
                if tensor.bytes:
                    self.buffers.append(Buffer(tensor, "scratch", index, index))
            moves = [step.move for step in made if step.move is not None]
            if len(moves) == len(made):
                writes = self._copies(call, moves, reads, index)
            else:
                writes = tuple(self._write(tensor, "activation", index) for tensor in call.outs)
            accesses.append(Access(reads, writes))
        outputs = tuple(self._read(tensor, len(calls), None) for tensor in self.program.outputs)
        for value in outputs:
            for buffer in value.buffers:
                buffer.kind = "output" if buffer.kind == "activation" else buffer.kind
        self._check_overlaps()
        return Memory(tuple(self.buffers), tuple(accesses), inputs, outputs)

    def _input(self, tensor: Tensor) -> Value:
        return self.named.get(tensor.id) or self._write(tensor, "input", BEFORE)

    def _write(self, tensor: Tensor, kind: str, index: int) -> Value:
        return self._hold(tensor, (self._buffer(tensor, kind, index),))

    def _buffer(self, tensor: Tensor, kind: str, index: int) -> Buffer:
        """Bytes that are written now: what was in them is gone."""
        buffer = Buffer(tensor, kind, index, index)
        self.buffers.append(buffer)
        gone = {
            id(value)
            for value in self.named.values()
            if any(_overlap(other.tensor, tensor) for other in value.buffers)
        }
        self.named = {name: v for name, v in self.named.items() if id(v) not in gone}
        self.placed = {
            place: [value for value in values if id(value) not in gone]
            for place, values in self.placed.items()
        }
        return buffer

    def _hold(self, tensor: Tensor, buffers: tuple[Buffer, ...]) -> Value:
        value = Value(tensor, buffers)
        self.named[tensor.id] = value
        self.placed.setdefault((tensor.offset, tensor.bytes), []).append(value)
        return value

    def _copies(
        self, call: Call, moves: Sequence[Move], reads: tuple[Value, ...], index: int
    ) -> tuple[Value, ...]:
        """The results of a copy: of the sources' buffers where bytes are in place already."""
        written = []
        sources = {tensor.id: value for tensor, value in zip(call.reads, reads, strict=True)}
        for out in call.outs:
            parts = sorted(
                (move for move in moves if move.target is out), key=lambda move: move.target_at
            )
            self._check_covered(call, out, parts)
            if out.constant is not None:
                continue
            buffers: list[Buffer] = []
            for in_place, group in groupby(parts, lambda move: move.in_place):
                run = list(group)
                if not in_place:
                    buffers.append(self._buffer(_written(run), "activation", index))
                    continue
                for move in run:
                    for buffer in sources[move.source.id].buffers:
                        buffers += self._kept(buffer, _written([move]), index)
            for buffer in buffers:
                if buffer.tensor.id != out.id:
                    buffer.views[out.id] = out
            written.append(self._hold(out, tuple(buffers)))
        return tuple(written)

    def _kept(self, buffer: Buffer, part: Tensor, index: int) -> list[Buffer]:
        """What of a buffer lies in a part of the arena, as a buffer that is not written."""
        start = max(buffer.tensor.offset, part.offset)
        end = min(buffer.tensor.end, part.end)
        if start >= end:
            return []
        if end - start == buffer.tensor.bytes:
            return [buffer]
        tensor = part
        if end - start != part.bytes:
            sizes = ((end - start) // part.dtype.size,)
            tensor = replace(part, sizes=sizes, dim_order=(0,), offset=start)
        origin = buffer.origin or buffer
        self.buffers.append(Buffer(tensor, "activation", index, index, origin=origin))
        return self.buffers[-1:]

    def _check_covered(self, call: Call, out: Tensor, parts: Sequence[Move]) -> None:
        """Refuses a copy that leaves bytes of its result out, or reads beyond its source."""
        position = 0
        for move in parts:
            if move.target_at != position or not (
                0 <= move.source_at <= move.source.bytes - move.bytes
            ):
                raise call.damaged(f"its copies do not make up %{out.id}")
            if (out.constant is not None) and not move.in_place:
                raise call.damaged(f"it writes the constant %{out.id}")
            position += move.bytes
        if position != out.bytes:
            raise call.damaged(f"its copies do not make up %{out.id}")

    def _read(self, tensor: Tensor, index: int, call: Call | None) -> Value:
        value = self.named.get(tensor.id) or self._view(tensor, call)
        for buffer in value.buffers:
            buffer.last = max(buffer.last, index)
        return value

    def _view(self, tensor: Tensor, call: Call | None) -> Value:
        """The value of a tensor that nothing wrote under its own name."""
        there = self.placed.get((tensor.offset, tensor.bytes), [])
        if tensor.constant is not None or not there:
            raise self._error(
                call,
                f"tensor %{tensor.id} ({tensor}) is read where nothing wrote it",
                "make the .pte again with cortex_m_lowering",
            )
        for value in there:
            written = value.tensor
            plain = is_contiguous(written) and is_contiguous(tensor)
            if written.dtype is tensor.dtype and (plain or same_layout(written, tensor)):
                self.named[tensor.id] = value
                for buffer in value.buffers:
                    buffer.views[tensor.id] = tensor
                return value
        written = there[-1].tensor
        raise self._error(
            call,
            f"tensor %{tensor.id} ({tensor}) is a view of %{written.id} ({written}), "
            "which lies in another order",
            "call .contiguous() before the view, reshape or flatten in the model",
        )

    def _error(self, call: Call | None, why: str, fix: str) -> PlanError:
        if call is not None:
            return call.refuse(why, fix)
        return PlanError(f"{self.program.path}: after the last instruction: {why}", fix=fix)

    def _check_overlaps(self) -> None:
        alive: list[Buffer] = []
        for buffer in sorted(self.buffers, key=lambda buffer: buffer.first):
            alive = [other for other in alive if other.last >= buffer.first]
            for other in alive:
                if _overlap(other.tensor, buffer.tensor) and not other.is_kin(buffer):
                    one, two = other.tensor, buffer.tensor
                    raise PlanError(
                        f"{self.program.path}: damaged: two tensors live in the same bytes at "
                        f"instruction {max(buffer.first, 0)}",
                        f"tensor: %{one.id}: {one}, {one.bytes} B",
                        f"tensor: %{two.id}: {two}, {two.bytes} B",
                        fix="make the .pte again with cortex_m_lowering",
                    )
            alive.append(buffer)


def _written(moves: Sequence[Move]) -> Tensor:
    """The bytes that moves into neighbouring places write."""
    out = moves[0].target
    size = sum(move.bytes for move in moves)
    if size == out.bytes:
        return out
    sizes = (size // out.dtype.size,)
    return replace(out, sizes=sizes, dim_order=(0,), offset=out.offset + moves[0].target_at)


def _overlap(one: Tensor, other: Tensor) -> bool:
    return one.offset < other.end and other.offset < one.end
