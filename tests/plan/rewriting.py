# SPDX-License-Identifier: Apache-2.0
"""Programs while the plan rewrites them, and what they compute."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path

from cortex_m_plan import container, decode, flatbuffer, memory, operators, spread
from cortex_m_plan.elision import Elision
from cortex_m_plan.memory import Memory
from cortex_m_plan.operators import Call
from cortex_m_plan.program import Program
from cortex_m_plan.report import Report
from cortex_m_plan.step import Step
from support import FLATC, SCHEMA, Draft

Steps = list[tuple[Step, ...]]


def decoded(draft: Draft, folder: Path) -> Program:
    """A draft as the plan reads it."""
    file = container.read(draft.write(folder))
    return decode.decode(file, flatbuffer.tables(file, FLATC, SCHEMA))


def bound(program: Program, side: Report) -> tuple[list[Call], Steps, Memory]:
    """The calls of a program, what they become, and its memory."""
    return analysed(program, [operators.call(program, side, item) for item in program.instructions])


def analysed(program: Program, calls: list[Call]) -> tuple[list[Call], Steps, Memory]:
    steps = [operators.steps(call) for call in calls]
    return calls, steps, memory.analyse(program, calls, steps)


def moved(
    changes: Elision, program: Program, calls: Sequence[Call]
) -> tuple[Program, list[Call], Steps, Memory]:
    """Everything again with tensors elsewhere."""
    program = changes.program(program)
    return program, *analysed(program, changes.calls(program, calls))


def shuffled(
    rng: random.Random, program: Program, calls: Sequence[Call], planned: Memory
) -> tuple[Program, list[Call], Steps, Memory]:
    """All groups at other addresses, in a random order with random gaps."""
    found = spread.groups(program, calls, planned)
    addresses, end = [0] * len(found), 0
    for at in rng.sample(range(len(found)), len(found)):
        alignment = found[at].alignment
        addresses[at] = -(-end // alignment) * alignment + alignment * rng.randint(0, 3)
        end = addresses[at] + found[at].bytes
    return moved(spread.placed(found, addresses, end), program, calls)


def outcome(
    program: Program,
    steps: Steps,
    given: Sequence[bytes],
    kernel: Callable[[bytes, int], bytes],
) -> list[bytes]:
    """What the steps leave in the outputs.

    Args:
        kernel: stands for every kernel but memcpy: of its input's bytes and its instruction.
    """
    arena = bytearray(b"\xee" * program.arena_bytes)
    for tensor, data in zip(program.inputs, given, strict=True):
        arena[tensor.offset : tensor.end] = data
    for step in (step for parts in steps for step in parts if step.kernel):
        if step.move is not None:
            start = step.move.source.offset + step.move.source_at
            at = step.move.target.offset + step.move.target_at
            arena[at : at + step.move.bytes] = arena[start : start + step.move.bytes]
            continue
        source, target = step.arguments[0].tensor, step.arguments[2].tensor
        data = bytes(arena[source.offset : source.end])
        arena[target.offset : target.end] = kernel(data, step.instruction.index)
    return [bytes(arena[tensor.offset : tensor.end]) for tensor in program.outputs]
