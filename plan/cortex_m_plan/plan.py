# SPDX-License-Identifier: Apache-2.0
"""A program and its report, checked and joined: everything the emitters write down."""

from dataclasses import dataclass

from cortex_m_plan import memory, operators, report
from cortex_m_plan.errors import PlanError
from cortex_m_plan.operators.copy import COPIES
from cortex_m_plan.operators.quantize import DEQUANTIZE, QUANTIZE
from cortex_m_plan.operators.signature import READ
from cortex_m_plan.program import Constants, Program, Tensor
from cortex_m_plan.report import Report
from cortex_m_plan.step import Step

EMBED_CONSTANTS = "constants"
EMBED_PROGRAM = "program"
EMBED = (EMBED_CONSTANTS, EMBED_PROGRAM)

CONSTANTS_ALIGNMENT = 16


@dataclass(frozen=True)
class Port:
    """An input or output of the model, with the quantization of the int8 value behind it.

    `scale` is 0 if the program neither quantizes the input nor dequantizes the output.
    """

    tensor: Tensor
    scale: float
    zero_point: int


@dataclass(frozen=True)
class DeadConstant:
    """A constant that is in the program and that no instruction uses."""

    index: int
    offset: int
    bytes: int


@dataclass(frozen=True)
class Plan:
    """What is emitted, under `name`."""

    name: str
    embed: str
    program: Program
    report: Report
    steps: tuple[Step, ...]
    memory: memory.Memory
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    dead_constants: tuple[DeadConstant, ...]

    @property
    def constants(self) -> Constants:
        return self.program.constants

    @property
    def kernels(self) -> list[str]:
        """The C functions the plan calls."""
        return sorted({step.kernel for step in self.steps if step.kernel})


def make(name: str, embed: str, program: Program, side: Report, isa: str) -> Plan:
    """Joins a program and its report, refusing what does not fit together."""
    report.check_versions(side, isa)
    calls = [operators.call(program, side, item) for item in program.instructions]
    report.check_belongs(side, program)
    steps = tuple(operators.step(call) for call in calls)
    report.check_scratch(
        side,
        program,
        {
            call.instruction.index: sum(tensor.bytes for tensor in call.scratches)
            for call in calls
            if call.scratches
        },
    )
    in_place = frozenset(step.instruction.index for step in steps if not step.kernel)
    layout = memory.analyse(program, calls, in_place)
    _check_embedding(program, embed)
    return Plan(
        name=name,
        embed=embed,
        program=program,
        report=side,
        steps=steps,
        memory=layout,
        inputs=tuple(
            _input_port(tensor, buffer, calls, layout)
            for tensor, buffer in zip(program.inputs, layout.inputs, strict=True)
        ),
        outputs=tuple(
            _output_port(tensor, buffer, calls, layout)
            for tensor, buffer in zip(program.outputs, layout.outputs, strict=True)
        ),
        dead_constants=_dead_constants(program, calls),
    )


def _check_embedding(program: Program, embed: str) -> None:
    start = program.constants.file_offset
    if embed == EMBED_PROGRAM and start % CONSTANTS_ALIGNMENT:
        raise PlanError(
            f"{program.path}: the constants start at byte {start}, "
            f"which is no multiple of {CONSTANTS_ALIGNMENT}",
            fix="embed the constants alone (--embed constants), or lower with "
            "a segment_alignment of 16 or more",
        )


def _input_port(
    tensor: Tensor, buffer: memory.Buffer, calls: list[operators.Call], layout: memory.Memory
) -> Port:
    """Follows an input through copies to the instruction that quantizes it."""
    same = [buffer]
    for call, access in zip(calls, layout.accesses, strict=True):
        if not any(read is one for read in access.reads for one in same):
            continue
        if call.instruction.operator == QUANTIZE:
            return Port(tensor, call.args.scale, call.args.zero_point)
        if call.instruction.operator in COPIES:
            same.append(access.write)
    return Port(tensor, 0.0, 0)


def _output_port(
    tensor: Tensor, buffer: memory.Buffer, calls: list[operators.Call], layout: memory.Memory
) -> Port:
    """Follows an output back through copies to the instruction that dequantized it."""
    wanted = buffer
    for call, access in reversed(list(zip(calls, layout.accesses, strict=True))):
        if access.write is not wanted:
            continue
        if call.instruction.operator == DEQUANTIZE:
            return Port(tensor, call.args.scale, call.args.zero_point)
        if call.instruction.operator not in COPIES:
            break
        if not access.reads:
            break
        (wanted,) = access.reads
    return Port(tensor, 0.0, 0)


def _dead_constants(program: Program, calls: list[operators.Call]) -> tuple[DeadConstant, ...]:
    """Entries of the table whose bytes nothing reads (two entries may share their bytes)."""
    constants = program.constants
    used = {
        constants.offsets[tensor.constant]
        for call in calls
        for tensor in call.args.of_kind(*READ)
        if tensor.constant is not None
    }
    dead = {}
    for index in range(1, len(constants.offsets)):
        offset = constants.offsets[index]
        if offset not in used and offset not in dead and constants.extent(index):
            dead[offset] = DeadConstant(index, offset, constants.extent(index))
    return tuple(dead.values())
