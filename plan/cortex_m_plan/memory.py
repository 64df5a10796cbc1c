# SPDX-License-Identifier: Apache-2.0
"""Which bytes of the arena live when, and whether the memory plan holds.

A value comes to life when an instruction writes it and lives until the last one that reads it.
A view has no instruction: it is a read, under another shape, of the bytes another tensor wrote.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cortex_m_plan.errors import PlanError
from cortex_m_plan.layout import is_contiguous, same_layout
from cortex_m_plan.operators import Call
from cortex_m_plan.program import Program, Tensor

BEFORE = -1
"""The moment inputs come to life: the application has written them."""


@dataclass
class Buffer:
    """Bytes of the arena that hold one value: who wrote it, and how long it lives.

    `first` and `last` are instruction indices; BEFORE for inputs, and the number of
    instructions for what the application reads after the run.
    """

    tensor: Tensor
    kind: str
    first: int
    last: int
    views: dict[int, Tensor] = field(default_factory=dict)


class Access(NamedTuple):
    """The buffers an instruction reads, in the order of its arguments, and the one it writes."""

    reads: tuple[Buffer, ...]
    write: Buffer


@dataclass(frozen=True)
class Memory:
    """All buffers, in the order they come to life, and the accesses of each instruction."""

    buffers: tuple[Buffer, ...]
    accesses: tuple[Access, ...]
    inputs: tuple[Buffer, ...]
    outputs: tuple[Buffer, ...]


def analyse(program: Program, calls: Sequence[Call], in_place: frozenset[int]) -> Memory:
    """Follows the program through the arena.

    Args:
        in_place: instructions that have nothing to do, whose result may lie where their input is.

    Raises PlanError for a read of bytes that nothing wrote, a view that reinterprets a memory
    order, and values that live at the same time in the same bytes.
    """
    return _Analysis(program, in_place).run(calls)


class _Analysis:
    def __init__(self, program: Program, in_place: frozenset[int]):
        self.program = program
        self.in_place = in_place
        self.buffers: list[Buffer] = []
        self.current: dict[int, Buffer] = {}  # by offset: the last value written there

    def run(self, calls: Sequence[Call]) -> Memory:
        inputs = tuple(self._input(tensor) for tensor in self.program.inputs)
        accesses = []
        for index, call in enumerate(calls):
            reads = tuple(self._read(tensor, index, call) for tensor in call.reads)
            for tensor in call.scratches:
                if tensor.bytes:
                    self.buffers.append(Buffer(tensor, "scratch", index, index))
            accesses.append(Access(reads, self._write(call.out, "activation", index)))
        outputs = tuple(self._read(tensor, len(calls), None) for tensor in self.program.outputs)
        for buffer in outputs:
            buffer.kind = "output" if buffer.kind == "activation" else buffer.kind
        self._check_overlaps()
        return Memory(tuple(self.buffers), tuple(accesses), inputs, outputs)

    def _input(self, tensor: Tensor) -> Buffer:
        there = self.current.get(tensor.offset)
        if there is not None and there.tensor.id == tensor.id:
            return there
        return self._write(tensor, "input", BEFORE)

    def _write(self, tensor: Tensor, kind: str, index: int) -> Buffer:
        buffer = Buffer(tensor, kind, index, index)
        self.buffers.append(buffer)
        self.current = {
            offset: other
            for offset, other in self.current.items()
            if not _overlap(other.tensor, tensor)
        }
        self.current[tensor.offset] = buffer
        return buffer

    def _read(self, tensor: Tensor, index: int, call: Call | None) -> Buffer:
        buffer = self.current.get(tensor.offset)
        if buffer is None or buffer.tensor.bytes != tensor.bytes:
            raise self._error(
                call,
                f"tensor %{tensor.id} ({tensor}) is read where nothing wrote it",
                "make the .pte again with cortex_m_lowering",
            )
        written = buffer.tensor
        if written.id != tensor.id:
            plain = is_contiguous(written) and is_contiguous(tensor)
            if written.dtype is not tensor.dtype or not (plain or same_layout(written, tensor)):
                raise self._error(
                    call,
                    f"tensor %{tensor.id} ({tensor}) is a view of %{written.id} ({written}), "
                    "which lies in another order",
                    "call .contiguous() before the view, reshape or flatten in the model",
                )
            buffer.views[tensor.id] = tensor
        buffer.last = max(buffer.last, index)
        return buffer

    def _error(self, call: Call | None, why: str, fix: str) -> PlanError:
        if call is not None:
            return call.refuse(why, fix)
        return PlanError(f"{self.program.path}: after the last instruction: {why}", fix=fix)

    def _check_overlaps(self) -> None:
        alive: list[Buffer] = []
        for buffer in sorted(self.buffers, key=lambda buffer: buffer.first):
            alive = [other for other in alive if other.last >= buffer.first]
            for other in alive:
                if _overlap(other.tensor, buffer.tensor) and not self._replaces(other, buffer):
                    one, two = other.tensor, buffer.tensor
                    raise PlanError(
                        f"{self.program.path}: damaged: two tensors live in the same bytes at "
                        f"instruction {max(buffer.first, 0)}",
                        f"tensor: %{one.id}: {one}, {one.bytes} B",
                        f"tensor: %{two.id}: {two}, {two.bytes} B",
                        fix="make the .pte again with cortex_m_lowering",
                    )
            alive.append(buffer)

    def _replaces(self, before: Buffer, after: Buffer) -> bool:
        """Whether a value takes the place of its source, in an instruction with nothing to do."""
        return (
            after.first in self.in_place
            and before.tensor.offset == after.tensor.offset
            and before.tensor.bytes == after.tensor.bytes
            and "scratch" not in (before.kind, after.kind)
        )


def _overlap(one: Tensor, other: Tensor) -> bool:
    return one.offset < other.end and other.offset < one.end
