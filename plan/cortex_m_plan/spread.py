# SPDX-License-Identifier: Apache-2.0
"""The arena taken apart: bytes that have to keep their distances, and nothing in anybody's way.

Tensors lie at fixed distances where a name is a view of another's bytes, where a copy has vanished
into them, and where one tensor is written several times. All others may lie anywhere: after
spreading each group has addresses of its own, so that steps may change places and copies may vanish
whatever the program's own plan had put there. A later placement moves whole groups.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cortex_m_plan.elision import Elision
from cortex_m_plan.memory import Buffer, Memory
from cortex_m_plan.operators import Call
from cortex_m_plan.program import Program, Tensor

ALIGNMENT = 16
"""Of every group's address after spreading, and of scratch wherever it is placed; in bytes."""


@dataclass(frozen=True)
class Group:
    """Bytes that move together.

    Attributes:
        alignment: what the group's address has to be a multiple of.
        bytes: from its address to the end of its last buffer.
        buffers: its buffers, each with how many bytes behind the group's address it starts.
        tensors: the same of every tensor that lies in it, by number.
    """

    alignment: int
    bytes: int
    buffers: tuple[tuple[Buffer, int], ...]
    tensors: dict[int, int]

    @property
    def rigid(self) -> bool:
        """Whether it is more than one buffer."""
        return len(self.buffers) > 1


def groups(program: Program, calls: Sequence[Call], planned: Memory) -> tuple[Group, ...]:
    """All groups, in the order of their first buffers in `planned`."""
    tensors = _tensors(program, calls)
    return tuple(_group(members, tensors) for members in _members(planned))


def placed(found: Sequence[Group], addresses: Sequence[int], arena_bytes: int) -> Elision:
    """Every group at its address, in an arena of so many bytes."""
    places = {
        name: {"offset": address + at}
        for group, address in zip(found, addresses, strict=True)
        for name, at in group.tensors.items()
    }
    return Elision(places, {}, arena_bytes)


def spread(program: Program, calls: Sequence[Call], planned: Memory) -> Elision:
    """Every group at addresses of its own, one after another."""
    found = groups(program, calls, planned)
    addresses, end = [], 0
    for group in found:
        addresses.append(end)
        end += -(-group.bytes // ALIGNMENT) * ALIGNMENT
    return placed(found, addresses, end)


def _tensors(program: Program, calls: Sequence[Call]) -> dict[int, Tensor]:
    """Every tensor of the arena that is read or written, by number."""
    used: list[Iterable[Tensor]] = [program.inputs, program.outputs]
    for call in calls:
        used += [call.reads, call.outs, call.scratches]
    return {tensor.id: tensor for tensors in used for tensor in tensors if tensor.constant is None}


def _members(planned: Memory) -> list[list[Buffer]]:
    """Buffers that share a tensor, or of which one holds a part of what the other was written."""
    of: dict[int | Buffer, list[Buffer]] = {}
    for buffer in planned.buffers:
        names = (buffer.tensor.id, *buffer.views, buffer.origin or buffer)
        joined = [buffer]
        for name in names:
            joined += [one for one in of.get(name, ()) if one not in joined]
        for one in joined:
            for name in (one.tensor.id, *one.views, one.origin or one):
                of[name] = joined
    found: list[list[Buffer]] = []
    for buffer in planned.buffers:
        members = of[buffer.tensor.id]
        if not any(members is one for one in found):
            found.append(members)
    order = {buffer: at for at, buffer in enumerate(planned.buffers)}
    return [sorted(members, key=order.__getitem__) for members in found]


def _group(members: Sequence[Buffer], tensors: dict[int, Tensor]) -> Group:
    names = {name for buffer in members for name in (buffer.tensor.id, *buffer.views)}
    scratch = any(buffer.kind == "scratch" for buffer in members)
    alignment = ALIGNMENT if scratch else max(tensors[name].dtype.size for name in names)
    # Down to a multiple, so that distances keep every member as aligned as it was.
    start = min(buffer.tensor.offset for buffer in members) // alignment * alignment
    return Group(
        alignment=alignment,
        bytes=max(buffer.tensor.end for buffer in members) - start,
        buffers=tuple((buffer, buffer.tensor.offset - start) for buffer in members),
        tensors={name: tensors[name].offset - start for name in sorted(names)},
    )
