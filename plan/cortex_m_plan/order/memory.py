# SPDX-License-Identifier: Apache-2.0
"""The graph of a program whose tensors have been spread.

A call waits for those that wrote what it reads, for all that read or wrote bytes that it
overwrites, and for all that used the numbers of its results before it: within a group bytes, and
everywhere numbers, may serve several values one after another.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from cortex_m_plan.memory import Access, Buffer, Memory, Value
from cortex_m_plan.operators import Call
from cortex_m_plan.order.graph import START, Graph, Item, Saving
from cortex_m_plan.step import Pointer, Step
from cortex_m_plan.ways import Clause


def graph(calls: Sequence[Call], steps: Sequence[tuple[Step, ...]], planned: Memory) -> Graph:
    """The graph of calls in their present order.

    Args:
        steps: of each call, with the kernels chosen.
        planned: with spread tensors.
    """
    items, parts = _items(calls, planned)
    return Graph(
        before=waits(calls, planned),
        items=items,
        ways=[
            _ways(made, access, items, parts)
            for made, access in zip(steps, planned.accesses, strict=True)
        ],
    )


def _buffers(values: Iterable[Value]) -> list[Buffer]:
    return [buffer for value in values for buffer in value.buffers]


def _written(planned: Memory) -> dict[int, list[Buffer]]:
    """The buffers whose bytes each call writes; not those that vanished copies make of others'."""
    written: dict[int, list[Buffer]] = {}
    for buffer in planned.buffers:
        if buffer.kind != "scratch" and buffer.origin is None:
            written.setdefault(buffer.first, []).append(buffer)
    return written


def waits(calls: Sequence[Call], planned: Memory) -> list[int]:
    """Of each call, the calls that have to come before it, as bits.

    One that neither reads nor writes stays behind the call before it.
    """
    written = _written(planned)
    writer: dict[int, int] = {}
    touched: list[tuple[Buffer, int]] = []
    named: dict[int, int] = {}
    before = []
    for index, (call, access) in enumerate(zip(calls, planned.accesses, strict=True)):
        waiting = 0 if any(access) else 1 << index >> 1
        for value in access.reads:
            waiting |= 1 << writer[id(value)] if id(value) in writer else 0
        for buffer in written.get(index, ()):
            for other, user in touched:
                if _overlap(buffer, other):
                    waiting |= 1 << user
        for tensor in call.outs:
            waiting |= named.get(tensor.id, 0)
        used = [*_buffers(access.reads), *_buffers(access.writes)]
        touched += [(buffer, index) for buffer in used]
        for tensor in (*call.reads, *call.outs):
            named[tensor.id] = named.get(tensor.id, 0) | 1 << index
        writer |= {id(value): index for value in access.writes}
        before.append(waiting & ~(1 << index))
    return before


def _overlap(one: Buffer, other: Buffer) -> bool:
    return one.tensor.offset < other.tensor.end and other.tensor.offset < one.tensor.end


def _items(
    calls: Sequence[Call], planned: Memory
) -> tuple[list[Item], dict[Buffer, tuple[int, ...]]]:
    """The bytes by writer and readers; and of each buffer that was written, which they are."""
    readers: dict[Buffer, int] = {}
    for index, access in enumerate(planned.accesses):
        for buffer in _buffers(access.reads):
            readers[buffer] = readers.get(buffer, 0) | 1 << index
    for buffer in _buffers(planned.outputs):
        readers[buffer] = readers.get(buffer, 0) | 1 << len(calls)
    kin: dict[Buffer, list[Buffer]] = {}
    for buffer in planned.buffers:
        if buffer.kind != "scratch":
            kin.setdefault(buffer.origin or buffer, []).append(buffer)
    items, parts = [], {}
    for origin, family in kin.items():
        ends = {end for one in family for end in (one.tensor.offset, one.tensor.end)}
        cuts = sorted({min(max(end, origin.tensor.offset), origin.tensor.end) for end in ends})
        bytes_by_readers: dict[int, int] = {}
        for start, end in pairwise(cuts):
            mask = 0
            for one in family:
                if one.tensor.offset <= start and end <= one.tensor.end:
                    mask |= readers.get(one, 0)
            bytes_by_readers[mask] = bytes_by_readers.get(mask, 0) + end - start
        writer = origin.first if origin.first >= 0 else START
        parts[origin] = tuple(range(len(items), len(items) + len(bytes_by_readers)))
        items += [Item(size, writer, mask) for mask, size in bytes_by_readers.items()]
    return items, parts


def _ways(
    made: Sequence[Step],
    access: Access,
    items: Sequence[Item],
    parts: dict[Buffer, tuple[int, ...]],
) -> tuple[Saving, ...]:
    """Of a call that is one step, its ways; else the scratch as it was planned, and no saving."""
    planned = sum(scratch.tensor.bytes for step in made for scratch in step.scratches)
    whole = _whole(access.writes, parts)
    if len(made) != 1 or whole is None or not made[0].ways:
        return (Saving(planned, {}),)
    (step,) = made
    output = items[whole].bytes
    found = []
    for way in step.ways:
        inputs: dict[int, int] = {}
        for role, clauses in way.clauses.items():
            at = _input(step, role, access, parts)
            if at is not None:
                saved = max((_saved(items[at].bytes, output, one) for one in clauses), default=0)
                # An operand that is read twice has to keep the distance of both.
                inputs[at] = min(saved, inputs.get(at, saved))
        # A kernel that was not chosen for its ways may need all that was planned for it.
        found.append(Saving(way.scratch if step.struct else max(way.scratch, planned), inputs))
    return tuple(found)


def _whole(values: Sequence[Value], parts: dict[Buffer, tuple[int, ...]]) -> int | None:
    """The only item of the only buffer of the only value; None if there are several."""
    buffers = _buffers(values)
    found = parts.get(buffers[0], ()) if len(buffers) == 1 else ()
    return found[0] if len(found) == 1 else None


def _input(
    step: Step, role: str, access: Access, parts: dict[Buffer, tuple[int, ...]]
) -> int | None:
    for item in step.arguments:
        if isinstance(item, Pointer) and item.role == role and item.tensor is not None:
            values = [
                value
                for value in access.reads
                if item.at == 0
                and any(item.tensor.id in (b.tensor.id, *b.views) for b in value.buffers)
            ]
            return _whole(values[:1], parts)
    return None


def _saved(source: int, target: int, clause: Clause) -> int:
    """How many bytes both need less than side by side, when the input lies as near as it may."""
    delta = -(-max(clause.distance, 0) // clause.multiple) * clause.multiple
    return max(0, source + target - max(source + delta, target))
