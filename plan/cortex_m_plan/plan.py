# SPDX-License-Identifier: Apache-2.0
"""A program and its report, checked and joined: everything the emitters write down."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cortex_m_plan import (
    arena,
    choice,
    elision,
    flash,
    fusion,
    memory,
    operators,
    order,
    report,
    spread,
    turned,
    undone,
    versions,
)
from cortex_m_plan.build import Build
from cortex_m_plan.errors import PlanError
from cortex_m_plan.operators.copy import COPIES
from cortex_m_plan.operators.quantize import DEQUANTIZE, QUANTIZE
from cortex_m_plan.program import Constants, Program, Tensor
from cortex_m_plan.report import Report
from cortex_m_plan.step import Pointer, Step

EMBED_CONSTANTS = "constants"
EMBED_PROGRAM = "program"
EMBED = (EMBED_CONSTANTS, EMBED_PROGRAM)


@dataclass(frozen=True)
class Port:
    """An input or output of the model, with the quantization of its int8 or the one behind it.

    `scale` is 0 if it is no float tensor in the model, or none that the program quantizes.
    """

    tensor: Tensor
    scale: float
    zero_point: int


@dataclass(frozen=True)
class Plan:
    """What is emitted, under `name`. Tensors lie where the plan has placed them, and steps are in
    the order of execution.
    """

    name: str
    embed: str
    program: Program
    report: Report
    steps: tuple[Step, ...]
    memory: memory.Memory
    arena: arena.Arena
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    flash: flash.Flash
    vanished: dict[tuple[int, int], str]
    """Why a copy need not be made, by instruction and part of it."""
    build: Build
    findings: tuple[versions.Finding, ...]
    """Versions of the program that are not the build's."""
    shared_arena: str = ""
    """Name of the arena it shares with other models of an image; empty for one of its own."""

    @property
    def constants(self) -> Constants:
        return self.program.constants

    def symbol(self, step: Step) -> str | None:
        """The C function of a step; None for one that has vanished."""
        index, part = step.instruction.index, step.part
        return f"{self.name}_step_{index}" + f"_{part}" * (part > 0) if step.kernel else None

    def buffer_name(self, buffer: memory.Buffer) -> str:
        """Who writes a buffer, as the model calls it."""
        if buffer.first == memory.BEFORE:
            return "input"
        origin = self.report.origin(self.order[buffer.first])
        writer = origin.node or f"instruction {self.order[buffer.first]}"
        return f"scratch of {writer}" if buffer.kind == "scratch" else writer

    @cached_property
    def order(self) -> tuple[int, ...]:
        """Of each moment, the number of the instruction that runs then."""
        return tuple(dict.fromkeys(step.instruction.index for step in self.steps))

    @property
    def kernels(self) -> list[str]:
        """The C functions the plan calls."""
        return sorted({step.kernel for step in self.steps if step.kernel})


def make(
    name: str,
    embed: str,
    program: Program,
    side: Report,
    build: Build,
    regions: Sequence[arena.Region] = (),
    shared_arena: str = "",
) -> Plan:
    """Joins a program and its report, refusing what does not fit together.

    Args:
        regions: the memory the arena may take, fastest first; none: one without limit.
        shared_arena: name of the arena it shares with other models.
    """
    report.check_isa(side, build.isa)
    findings = versions.compare(side, build)
    calls = [operators.call(program, side, item) for item in program.instructions]
    report.check_belongs(side, program)
    steps = [operators.steps(call) for call in calls]
    report.check_scratch(
        side,
        program,
        {
            call.instruction.index: sum(tensor.bytes for tensor in call.scratches)
            for call in calls
            if call.scratches
        },
    )
    planned = memory.analyse(program, calls, steps)
    _check_embedding(program, embed)
    inputs = _quantized(side.inputs, [_input_port(one, calls, planned) for one in planned.inputs])
    outputs = _quantized(
        side.outputs, [_output_port(one, calls, planned) for one in planned.outputs]
    )

    fitted, elided = _Fitter(side, program).run(calls, planned)
    arranged = arena.arrange(fitted, regions)
    program = arranged.program
    made = tuple(step for parts in arranged.steps for step in parts)
    return Plan(
        name=name,
        embed=embed,
        program=program,
        report=side,
        steps=made,
        memory=arranged.memory,
        arena=arranged.arena,
        inputs=tuple(map(Port, program.inputs, *zip(*inputs, strict=True))),
        outputs=tuple(map(Port, program.outputs, *zip(*outputs, strict=True))),
        flash=flash.place(program.constants, made, whole=embed == EMBED_PROGRAM),
        vanished=_vanished(elided, made),
        build=build,
        findings=findings,
        shared_arena=shared_arena,
    )


class _Fitter:
    """Finds the smallest arena: with copies, order and addresses changed as far as it helps."""

    def __init__(self, side: Report, program: Program):
        self.side = side
        self.program = program
        self.known: dict[tuple[Any, ...], Step] = {}

    def run(
        self, calls: list[operators.Call], planned: memory.Memory
    ) -> tuple[arena.Fitted, elision.Elision]:
        """The program with a placement, and the copies that have vanished."""
        program, own = self.program, calls
        apart = spread.spread(program, calls, planned)
        program, calls, steps, planned = _moved(apart, program, calls)
        program, calls, steps, planned, elided = _without_copies(program, calls, steps, planned)
        ordered = order.reorder(program, calls, steps, planned, self._choose)
        found = self._fit(ordered.program, ordered.calls, ordered.steps, ordered.planned)
        if ordered.changed:
            plain = self._fit(program, calls, steps, planned)
            if found is None or (plain is not None and plain.bytes <= found.bytes):
                found = plain
        if found is not None:
            return found, elided
        # Tensors as they are in the .pte always fit.
        program, calls, steps, planned = _moved(elision.Elision({}, {}), self.program, own)
        program, calls, steps, planned, elided = _without_copies(program, calls, steps, planned)
        return self._fit(program, calls, steps, planned, keep=True), elided

    def _fit(
        self,
        program: Program,
        calls: list[operators.Call],
        steps: list[tuple[Step, ...]],
        planned: memory.Memory,
        keep: bool = False,
    ) -> arena.Fitted | None:
        made = [tuple(map(self._choose, parts)) for parts in steps]
        return arena.fit(program, calls, made, planned, self.program.arena_bytes, keep=keep)

    def _choose(self, step: Step) -> Step:
        """The step with its kernel, which does not depend on where tensors lie."""
        if step.kernel not in choice.CANDIDATES:
            return choice.chosen(step, self.side.isa, self.program.constants)
        pointers = [item for item in step.arguments if isinstance(item, Pointer)]
        key = (
            step.instruction.index,
            step.part,
            tuple(step.parameters.items()),
            *((item.role, getattr(item.tensor, "id", None), item.at) for item in pointers),
        )
        if key not in self.known:
            self.known[key] = choice.chosen(step, self.side.isa, self.program.constants)
        return self.known[key]


def _without_copies(
    program: Program,
    calls: list[operators.Call],
    steps: list[tuple[Step, ...]],
    planned: memory.Memory,
) -> tuple[Program, list[operators.Call], list[tuple[Step, ...]], memory.Memory, elision.Elision]:
    """Everything again without the copies that need not be made, and how they vanished."""
    calls, steps, planned = undone.undo(program, calls, steps, planned)
    calls, places = turned.turn(calls, steps, planned)
    program, calls, steps, planned = _moved(places, program, calls)
    calls, steps, planned = fusion.fuse(program, calls, steps, planned)
    elided = elision.elide(program, calls, steps, planned)
    return *_moved(elided, program, calls), elided


def _moved(
    elided: elision.Elision, program: Program, calls: list[operators.Call]
) -> tuple[Program, list[operators.Call], list[tuple[Step, ...]], memory.Memory]:
    """Everything again, with tensors where they lie now; that the memory plan holds is checked."""
    program = elided.program(program)
    calls = elided.calls(program, calls)
    steps = [operators.steps(call) for call in calls]
    return program, calls, steps, memory.analyse(program, calls, steps)


def _vanished(elided: elision.Elision, steps: Sequence[Step]) -> dict[tuple[int, int], str]:
    unread = {
        (step.instruction.index, step.part): step.summary
        for step in steps
        if not step.kernel and step.move is None
    }
    return unread | elided.reasons(steps)


def _check_embedding(program: Program, embed: str) -> None:
    start = program.constants.file_offset
    if embed == EMBED_PROGRAM and start % flash.ALIGNMENT:
        raise PlanError(
            f"{program.path}: the constants start at byte {start}, "
            f"which is no multiple of {flash.ALIGNMENT}",
            fix="embed the constants alone (--embed constants), or lower with "
            "a segment_alignment of 16 or more",
        )


def _quantized(
    listed: tuple[report.Quantization, ...], found: list[tuple[float, int]]
) -> list[tuple[float, int]]:
    """What the program says of its ports, else what its report does: of int8 ports it alone."""
    if not listed:
        return found
    return [
        port if port[0] else (entry.scale, entry.zero_point)
        for port, entry in zip(found, listed, strict=True)
    ]


def _input_port(
    value: memory.Value, calls: list[operators.Call], layout: memory.Memory
) -> tuple[float, int]:
    """Follows an input through copies to the instruction that quantizes it: scale, zero point."""
    same = [value]
    for call, access in zip(calls, layout.accesses, strict=True):
        if not any(read is one for read in access.reads for one in same):
            continue
        if call.instruction.operator == QUANTIZE:
            return call.args.scale, call.args.zero_point
        if call.instruction.operator in COPIES:
            same += access.writes
    return 0.0, 0


def _output_port(
    value: memory.Value, calls: list[operators.Call], layout: memory.Memory
) -> tuple[float, int]:
    """Follows an output back through copies to the instruction that dequantized it."""
    wanted = value
    for call, access in reversed(list(zip(calls, layout.accesses, strict=True))):
        if not any(write is wanted for write in access.writes):
            continue
        if call.instruction.operator == DEQUANTIZE:
            return call.args.scale, call.args.zero_point
        if call.instruction.operator not in COPIES:
            break
        if not access.reads:
            break
        (wanted,) = access.reads
    return 0.0, 0
