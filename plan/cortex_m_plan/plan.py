# SPDX-License-Identifier: Apache-2.0
"""A program and its report, checked and joined: everything the emitters write down."""

from collections.abc import Sequence
from dataclasses import dataclass

from cortex_m_plan import (
    choice,
    elision,
    flash,
    memory,
    operators,
    report,
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
from cortex_m_plan.step import Step

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
    """What is emitted, under `name`. Tensors lie where copies have left them."""

    name: str
    embed: str
    program: Program
    report: Report
    steps: tuple[Step, ...]
    memory: memory.Memory
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    flash: flash.Flash
    vanished: dict[tuple[int, int], str]
    """Why a copy need not be made, by instruction and part of it."""
    build: Build
    findings: tuple[versions.Finding, ...]
    """Versions of the program that are not the build's."""

    @property
    def constants(self) -> Constants:
        return self.program.constants

    def symbol(self, step: Step) -> str | None:
        """The C function of a step; None for one that has vanished."""
        index, part = step.instruction.index, step.part
        return f"{self.name}_step_{index}" + f"_{part}" * (part > 0) if step.kernel else None

    @property
    def kernels(self) -> list[str]:
        """The C functions the plan calls."""
        return sorted({step.kernel for step in self.steps if step.kernel})


def make(name: str, embed: str, program: Program, side: Report, build: Build) -> Plan:
    """Joins a program and its report, refusing what does not fit together."""
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

    calls, steps, planned = undone.undo(program, calls, steps, planned)
    calls, places = turned.turn(calls, steps, planned)
    program, calls, steps, planned = _moved(places, program, calls)
    elided = elision.elide(program, calls, steps, planned)
    program, calls, steps, layout = _moved(elided, program, calls)
    made = tuple(
        choice.chosen(step, side.isa, program.constants) for parts in steps for step in parts
    )
    return Plan(
        name=name,
        embed=embed,
        program=program,
        report=side,
        steps=made,
        memory=layout,
        inputs=tuple(map(Port, program.inputs, *zip(*inputs, strict=True))),
        outputs=tuple(map(Port, program.outputs, *zip(*outputs, strict=True))),
        flash=flash.place(program.constants, made, whole=embed == EMBED_PROGRAM),
        vanished=_vanished(elided, made),
        build=build,
        findings=findings,
    )


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
