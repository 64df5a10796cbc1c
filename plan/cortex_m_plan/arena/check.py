# SPDX-License-Identifier: Apache-2.0
"""Whether a placement is safe, asked again by itself.

This knows lifetimes (cortex_m_plan.memory) and what kernels permit (cortex_m_plan.ways), and reads
the arguments of the steps as they are emitted; it knows nothing of blocks, bounds or how a
placement was found. Bytes may be shared at one moment only by an input that dies in a step and the
output of that step, at a distance which the step's own way permits, and by buffers that hold what
was written once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from cortex_m_plan.arena.banks import Bank
from cortex_m_plan.errors import PlanError
from cortex_m_plan.memory import Buffer, Memory
from cortex_m_plan.program import Tensor
from cortex_m_plan.step import Pointer, Step
from cortex_m_plan.ways import Clause, Way, ways

SCRATCH_ALIGNMENT = 16


@dataclass(frozen=True)
class Overlap:
    """An input and the output that a step lays over it.

    `source` and `target` are numbers of buffers; `clause` is what permits it, and `delta` the
    input's address less the output's.
    """

    instruction: int
    part: int
    role: str
    source: int
    target: int
    clause: Clause
    delta: int


def check(
    path: str, isa: str, steps: Sequence[Step], memory: Memory, banks: Sequence[Bank]
) -> tuple[Overlap, ...]:
    """All overlaps of a plan.

    Args:
        path: of the program, for messages.
        steps: of all instructions, in the order of execution.

    Raises PlanError for a buffer outside the arena or not aligned, scratch that does not suffice,
    and two buffers that must not share bytes, with the distance that would be needed.
    """
    return _Check(path, isa, steps, memory, banks).run()


class _Check:
    def __init__(
        self, path: str, isa: str, steps: Sequence[Step], memory: Memory, banks: Sequence[Bank]
    ):
        self.path = path
        self.isa = isa
        self.banks = banks
        self.buffers = [buffer for buffer in memory.buffers if buffer.tensor.bytes]
        self.number = {id(buffer): number for number, buffer in enumerate(memory.buffers)}
        self.moments = [
            [step for step in parts if step.kernel]
            for _, parts in groupby(steps, lambda step: step.instruction.index)
        ]

    def run(self) -> tuple[Overlap, ...]:
        for buffer in self.buffers:
            self._place(buffer)
        for moment, steps in enumerate(self.moments):
            for step in steps:
                self._scratch(moment, step)
                self._arguments(moment, step)
        found: list[Overlap] = []
        for index, one in enumerate(self.buffers):
            for other in self.buffers[index + 1 :]:
                lives = one.first <= other.last and other.first <= one.last
                if lives and _share(one.tensor, other.tensor) and not one.is_kin(other):
                    found += self._shared(*sorted((one, other), key=lambda item: item.first))
        return tuple(found)

    def _place(self, buffer: Buffer) -> None:
        tensor = buffer.tensor
        if not any(bank.holds(tensor.offset, tensor.end) for bank in self.banks):
            raise self._error(f"%{tensor.id} ({tensor}, {tensor.bytes} B) leaves the arena")
        alignment = SCRATCH_ALIGNMENT if buffer.kind == "scratch" else tensor.dtype.size
        if tensor.offset % alignment:
            raise self._error(f"%{tensor.id} ({tensor}) is not aligned to {alignment}")

    def _way(self, step: Step) -> Way:
        for way in ways(self.isa, step.kernel, step.parameters):
            if way.tile == step.way.tile:
                return way
        raise self._error(f"{_named(step)}: the kernel has no way {step.way.tile}")

    def _scratch(self, moment: int, step: Step) -> None:
        need = self._way(step).scratch
        planned = [scratch.tensor for scratch in step.scratches if scratch.tensor.bytes]
        there = {
            (buffer.tensor.offset, buffer.tensor.bytes)
            for buffer in self.buffers
            if buffer.kind == "scratch" and buffer.first == buffer.last == moment
        }
        if not all((tensor.offset, tensor.bytes) in there for tensor in planned):
            raise self._error(f"{_named(step)}: its scratch is not planned where it is used")
        if need > (planned[0].bytes if planned else 0):
            size = planned[0].bytes if planned else 0
            raise self._error(
                f"{_named(step)}: it works on {need} B of scratch, {size} B are there"
            )

    def _arguments(self, moment: int, step: Step) -> None:
        """Every argument points at bytes that are held under its name."""
        for item in _pointers(step):
            tensor = item.tensor
            held = {
                (max(buffer.tensor.offset, tensor.offset), min(buffer.tensor.end, tensor.end))
                for buffer in self.buffers
                if buffer.first <= moment <= buffer.last
                and tensor.id in (buffer.tensor.id, *buffer.views)
                and _share(buffer.tensor, tensor)
            }
            end = tensor.offset
            for start, stop in sorted(held):
                end = max(end, stop) if start <= end else end
            if end < tensor.end:
                raise self._error(
                    f"{_named(step)}: {item.role} %{tensor.id} ({tensor}) is not there"
                )

    def _shared(self, old: Buffer, new: Buffer) -> list[Overlap]:
        """Two buffers with bytes in common, at a moment at which both live."""
        moment = new.first
        what = f"%{old.tensor.id} ({old.tensor}) and %{new.tensor.id} ({new.tensor}) share bytes"
        if not 0 <= moment < len(self.moments) or old.last != moment or old.first == moment:
            raise self._error(f"{what} while both live", f"from moment {moment} on")
        if "scratch" in (old.kind, new.kind) or len(self.moments[moment]) != 1:
            steps = [_named(step) for step in self.moments[moment]]
            raise self._error(f"{what} while both live", *(f"step: {name}" for name in steps))
        (step,) = self.moments[moment]
        pointers = _pointers(step)
        written = [item for item in pointers if item.writable and not item.role.endswith("scratch")]
        readers = [
            item for item in pointers if not item.writable and _share(item.tensor, old.tensor)
        ]
        if len(written) != 1 or not readers or not _same(written[0].tensor, new.tensor):
            raise self._error(f"{what}, but not as its input and output", f"step: {_named(step)}")
        way = self._way(step)
        target = written[0].tensor.offset + written[0].at
        found = []
        for reader in readers:
            delta = reader.tensor.offset + reader.at - target
            clauses = way.clauses.get(reader.role, ())
            clause = next((clause for clause in clauses if clause.permits(delta)), None)
            if clause is None:
                raise self._error(
                    what,
                    f"step: {_named(step)}, way {way.tile}: {way.text}",
                    f"{reader.role} lies {delta} B behind the output",
                    "permitted: " + (" or ".join(map(_needed, clauses)) or "no overlap"),
                )
            found.append(
                Overlap(
                    step.instruction.index,
                    step.part,
                    reader.role,
                    self.number[id(old)],
                    self.number[id(new)],
                    clause,
                    delta,
                )
            )
        return found

    def _error(self, what: str, *details: str) -> PlanError:
        return PlanError(
            f"{self.path}: the plan of the arena is wrong: {what}",
            *details,
            fix="this is a defect of cortex_m_plan: please report it with the program",
        )


def _pointers(step: Step) -> list[Pointer]:
    """The arguments that point into the arena."""
    return [
        item
        for item in step.arguments
        if isinstance(item, Pointer)
        and isinstance(item.tensor, Tensor)
        and item.tensor.constant is None
    ]


def _share(one: Tensor, other: Tensor) -> bool:
    return one.offset < other.end and other.offset < one.end


def _same(one: Tensor, other: Tensor) -> bool:
    return (one.offset, one.bytes) == (other.offset, other.bytes)


def _named(step: Step) -> str:
    return f"{step.instruction.index}: {step.kernel} {step.summary}"


def _needed(clause: Clause) -> str:
    multiple = f", a multiple of {clause.multiple}" if clause.multiple > 1 else ""
    return f"at least {clause.distance} B{multiple}"
