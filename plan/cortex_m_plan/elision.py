# SPDX-License-Identifier: Apache-2.0
"""Copies that need not be made.

The program fixes where each tensor lies. A copy of bytes as they are - a reshape, a slice of the
outermost dimension, a cat along it - is not needed if its result can be read where its source
lies, or if its source can be written where the result has to lie, without meeting another value
that lives there at the time. Nothing else is moved, and nothing is made larger: the arena stays
as the program planned it. What comes out is checked again by memory.py, which knows nothing of
the reasons.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cortex_m_plan.memory import BEFORE, Buffer, Memory, Value
from cortex_m_plan.operators import Call
from cortex_m_plan.operators.signature import Arguments
from cortex_m_plan.program import Program, Tensor
from cortex_m_plan.program import Value as Argument
from cortex_m_plan.step import Move, Step

_PLANNED = "planned where its source is"
_READ = "read where its source lies"
_FLASH = "read from flash, where its source lies"
_WRITTEN = "its source is written where the result lies"


@dataclass(eq=False)
class _Block:
    """Bytes of the arena that move together, and the tensors in them, each at its distance.

    `parts` are blocks inside this one that hold some of its bytes; `origin` is the block whose
    bytes this one goes on holding, or is a part of. A fixed block does not move.
    """

    offset: int
    bytes: int
    first: int
    last: int
    fixed: bool = False
    parts: list["_Block"] = field(default_factory=list)
    members: dict[int, int] = field(default_factory=dict)
    origin: "_Block | None" = None

    def copy(self) -> "_Block":
        return replace(self, parts=list(self.parts), members=dict(self.members))

    def is_kin(self, other: "_Block") -> bool:
        """Whether both hold what was written once, so that they may share bytes."""
        return (self.origin or self) is (other.origin or other)

    def meets(self, offset: int, end: int) -> bool:
        return self.offset < end and offset < self.offset + self.bytes


_State = tuple[list[tuple[_Block, _Block]], dict[int, _Block], dict[int, tuple[int, int]]]


@dataclass(frozen=True)
class Elision:
    """How tensors lie instead: what changes of each, by its number.

    `vanished` gives the reason of each copy that need not be made, by instruction and part;
    `arena_bytes` is the arena's size, None if it stays as it was.
    """

    places: dict[int, dict[str, Any]]
    vanished: dict[tuple[int, int], str]
    arena_bytes: int | None = None

    def reasons(self, steps: Iterable[Step]) -> dict[tuple[int, int], str]:
        """Why copies among the steps of the new program are none."""
        return {
            key: self.vanished.get(key, _PLANNED)
            for key, move in (((s.instruction.index, s.part), s.move) for s in steps)
            if move is not None and move.in_place
        }

    def tensor(self, tensor: Tensor) -> Tensor:
        return replace(tensor, **self.places.get(tensor.id, {}))

    def program(self, program: Program) -> Program:
        """The program with its tensors where they lie now."""
        moved = _Moved(self)
        return replace(
            program,
            arena_bytes=program.arena_bytes if self.arena_bytes is None else self.arena_bytes,
            inputs=tuple(moved.value(tensor) for tensor in program.inputs),
            outputs=tuple(moved.value(tensor) for tensor in program.outputs),
            instructions=tuple(
                replace(item, arguments=moved.value(item.arguments))
                for item in program.instructions
            ),
        )

    def calls(self, program: Program, calls: Sequence[Call]) -> list[Call]:
        """The calls of what `program` has become."""
        return [
            replace(
                call,
                program=program,
                instruction=item,
                args=Arguments(call.args.parameters, moved.value(call.args.values)),
                copies=moved.value(call.copies),
            )
            for call, item in zip(calls, program.instructions, strict=True)
            for moved in (_Moved(self, item.arguments),)
        ]


class _Moved:
    """Replaces tensors in values, one tensor by one object."""

    def __init__(self, elision: Elision, known: tuple[Argument, ...] = ()):
        self.elision = elision
        self.known: dict[int, Tensor] = {}
        self._know(known)

    def _know(self, value: Argument) -> None:
        if isinstance(value, Tensor):
            self.known[value.id] = value
        elif isinstance(value, tuple):
            for item in value:
                self._know(item)

    def value(self, value: Argument) -> Argument:
        if isinstance(value, tuple):
            return tuple(self.value(item) for item in value)
        if not isinstance(value, Tensor):
            return value
        if value.id not in self.known:
            self.known[value.id] = self.elision.tensor(value)
        return self.known[value.id]


def elide(
    program: Program, calls: Sequence[Call], steps: Sequence[tuple[Step, ...]], memory: Memory
) -> Elision:
    """Finds the copies that need not be made; `memory` is the program's own."""
    return _Elider(program, calls, memory).run(steps)


class _Elider:
    def __init__(self, program: Program, calls: Sequence[Call], memory: Memory):
        self.program = program
        self.end = len(calls)
        self.values = _values(program, calls, memory)
        self.block: dict[int, _Block] = {}
        self.constants: dict[int, tuple[int, int]] = {}
        self.blocks = [self._made(buffer) for buffer in memory.buffers]

    def _made(self, buffer: Buffer) -> _Block:
        """The block of a buffer, with every tensor that is known to lie in it alone."""
        tensor = buffer.tensor
        block = _Block(tensor.offset, tensor.bytes, buffer.first, buffer.last)
        block.fixed = buffer.kind == "scratch"
        for name in {tensor.id: tensor, **buffer.views}:
            values = self.values.get(name, [])
            if len(values) == 1 and values[0].buffers == (buffer,):
                view = buffer.views.get(name, tensor)
                block.members[name] = view.offset - tensor.offset
                self.block[name] = block
            elif buffer.kind != "scratch":
                block.fixed = True
        return block

    def run(self, steps: Sequence[tuple[Step, ...]]) -> Elision:
        vanished = {}
        for made in steps:
            if not made or any(step.move is None for step in made):
                continue
            vanished |= self._instruction(made)
        places = {
            name: {"offset": block.offset + at}
            for block in self.blocks
            for name, at in block.members.items()
        }
        for name, (offset, constant) in self.constants.items():
            places[name] = {"offset": offset, "constant": constant}
        return Elision(places, vanished)

    def _instruction(self, made: tuple[Step, ...]) -> dict[tuple[int, int], str]:
        """The copies of an instruction that vanish: as many as can."""
        if len(made) == 1:
            return self._attempt(made, None)
        start = self._state()
        best = self._attempt(made, None)
        if len(best) == len(made):
            return best
        # Of several parts, one may draw the source to its own place, and the others with it.
        after = self._state()
        for first in made:
            self._restore(start)
            found = self._attempt(made, first)
            if len(found) > len(best):
                best, after = found, self._state()
        self._restore(after)
        return best

    def _attempt(self, made: tuple[Step, ...], first: Step | None) -> dict[tuple[int, int], str]:
        """What vanishes if the source of one part is moved before all others are looked at."""
        found = {}
        for step in sorted(made, key=lambda step: step is not first):
            reason = _PLANNED if step.move.in_place else self._vanishes(step, step is first)
            if reason:
                found[step.instruction.index, step.part] = reason
        return found

    def _vanishes(self, step: Step, moves_source: bool) -> str:
        """Moves what a copy reads or writes so that nothing is left to do; or does nothing."""
        move, index = step.move, step.instruction.index
        target = self.block.get(move.target.id)
        if target is None or target.first != index:
            return ""
        whole = move.bytes == move.target.bytes == target.bytes
        if move.source.constant is not None or move.source.id in self.constants:
            return _FLASH if whole and self._read_constant(move, target) else ""
        source = self.block.get(move.source.id)
        if source is None or source is target:
            return ""
        if whole and not moves_source and self._read_source(move, source, target):
            return _READ
        if self._write_target(move, source, target, whole):
            return _WRITTEN
        return ""

    def _state(self) -> _State:
        blocks = [(block, block.copy()) for block in self.blocks]
        return blocks, dict(self.block), dict(self.constants)

    def _restore(self, state: _State) -> None:
        blocks, named, constants = state
        for block, before in blocks:
            vars(block).update(vars(before.copy()))
        self.blocks = [block for block, _ in blocks]
        self.block, self.constants = dict(named), dict(constants)

    def _read_constant(self, move: Move, target: _Block) -> bool:
        """The result becomes a name for a part of the constant."""
        if target.last == self.end or target.fixed or target.parts:
            return False
        own = (move.source.offset, move.source.constant)
        offset, constant = self.constants.get(move.source.id, own)
        for name, at in target.members.items():
            self.constants[name] = (offset + move.source_at + at, constant)
            del self.block[name]
        self.blocks.remove(target)
        return True

    def _read_source(self, move: Move, source: _Block, target: _Block) -> bool:
        """The result becomes a name for the source, or for a part of it, which live as long."""
        # An output is not made an input.
        if target.fixed or target.parts or (target.last == self.end and source.first == BEFORE):
            return False
        at = source.members[move.source.id] + move.source_at
        if move.bytes == source.bytes:
            if not self._lives(source, target.last, {target}):
                return False
            self._merge(source, target, at)
            return True
        before = target.offset, target.origin
        target.offset, target.origin = source.offset + at, source.origin or source
        if not self._free(target, target.first, target.last, set()):
            target.offset, target.origin = before
            return False
        source.fixed = target.fixed = True
        return True

    def _write_target(self, move: Move, source: _Block, target: _Block, whole: bool) -> bool:
        """The source is made where the result lies, and lives as long as it."""
        if source.fixed or source.parts or (target.last == self.end and source.first == BEFORE):
            return False
        before = source.offset
        at = source.members[move.source.id] + move.source_at
        source.offset = target.offset + move.target_at - at
        inside = 0 <= source.offset <= self.program.arena_bytes - source.bytes
        # Of the result it may only touch the bytes that it is copied to.
        start = target.offset + move.target_at
        end = start + move.bytes
        apart = max(source.offset, target.offset) >= start and (
            min(source.offset + source.bytes, target.offset + target.bytes) <= end
        )
        aligned = (source.offset - before) % move.source.dtype.size == 0
        if not (
            inside
            and apart
            and aligned
            and self._free(source, source.first, source.last, {target})
            and self._lives(source, target.last, {target})
        ):
            source.offset = before
            return False
        if whole and not target.parts:
            self._merge(source, target, at)
        else:
            source.fixed = target.fixed = True
            source.origin = target.origin or target
            target.parts.append(source)
        return True

    def _merge(self, source: _Block, target: _Block, at: int) -> None:
        for name, distance in target.members.items():
            source.members[name] = at + distance
            self.block[name] = source
        source.fixed |= target.fixed
        self.blocks.remove(target)

    def _lives(self, block: _Block, last: int, besides: set[_Block]) -> bool:
        """Lets a block, and all that is inside it, live until `last` if nothing is in its way."""
        if last <= block.last:
            return True
        inside = [block, *block.parts]
        if not all(self._free(one, one.last, last, besides) for one in inside):
            return False
        for one in inside:
            one.last = max(one.last, last)
        return True

    def _free(self, block: _Block, first: int, last: int, besides: set[_Block]) -> bool:
        """Whether the bytes of a block are nobody else's from one instruction to another."""
        end = block.offset + block.bytes
        return not any(
            other.first <= last and first <= other.last and other.meets(block.offset, end)
            for other in self.blocks
            if other not in besides and not other.is_kin(block)
        )


def _values(program: Program, calls: Sequence[Call], memory: Memory) -> dict[int, list[Value]]:
    """Every value that each tensor holds in the course of the program."""
    found: dict[int, list[Value]] = {}

    def note(tensors: Sequence[Tensor], values: Sequence[Value]) -> None:
        for tensor, value in zip(tensors, values, strict=True):
            known = found.setdefault(tensor.id, [])
            if not any(value is one for one in known):
                known.append(value)

    note(program.inputs, memory.inputs)
    for call, access in zip(calls, memory.accesses, strict=True):
        note(call.reads, access.reads)
        note(call.outs, access.writes)
    note(program.outputs, memory.outputs)
    return found
