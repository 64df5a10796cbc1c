# SPDX-License-Identifier: Apache-2.0
"""Random programs of copies: what a plan computes in its arena is what the program means."""

import random
from dataclasses import replace

import pytest
from cortex_m_plan import KERNEL_ABI, plan, report
from cortex_m_plan.arena.check import check
from cortex_m_plan.build import Build
from cortex_m_plan.program import Constants, DType, Instruction, Program, Tensor
from cortex_m_plan.step import PARAMETERS

COLUMNS = 4
CLAMP, CLONE = "aten::clamp.out", "aten::clone.out"
SPLIT, CAT = "aten::split_with_sizes_copy.out", "aten::cat.out"


class Writer:
    """A random program over matrices of COLUMNS columns, planned as tightly as lifetimes allow."""

    def __init__(self, rng: random.Random):
        self.rng = rng
        self.rows: dict[int, int] = {}
        self.born: dict[int, int] = {}
        self.dies: dict[int, int] = {}
        self.instructions: list[tuple[str, tuple, tuple[int, ...]]] = []
        self.inputs = [self.value(rng.randint(1, 4), -1) for _ in range(rng.randint(1, 2))]
        for _ in range(rng.randint(3, 14)):
            self.instruction()
        self.outputs = self.sample(rng.randint(1, 3))
        for value in self.outputs:
            self.dies[value] = len(self.instructions)

    def value(self, rows: int, when: int) -> int:
        self.rows[len(self.rows)] = rows
        self.born[len(self.rows) - 1] = self.dies[len(self.rows) - 1] = when
        return len(self.rows) - 1

    def sample(self, count: int) -> list[int]:
        """Values that there are, the later ones more often, none of them an input."""
        made = [value for value in self.rows if self.born[value] >= 0] or list(self.rows)
        return [made[-1 - min(int(self.rng.expovariate(0.5)), len(made) - 1)] for _ in range(count)]

    def instruction(self) -> None:
        when = len(self.instructions)
        operator = self.rng.choice([CLAMP, CLAMP, CLONE, SPLIT, CAT])
        reads = self.sample(self.rng.randint(2, 3) if operator == CAT else 1)
        if self.rng.random() < 0.2:
            reads[0] = self.rng.choice(self.inputs)
        rows = [self.rows[value] for value in reads]
        sizes: tuple[int, ...] = (sum(rows),)
        if operator == SPLIT:
            cut = self.rng.randint(1, max(rows[0] - 1, 1))
            sizes = (cut, rows[0] - cut) if rows[0] > cut else (rows[0],)
        for value in reads:
            self.dies[value] = when
        outs = tuple(self.value(size, when) for size in sizes)
        self.instructions.append((operator, tuple(reads), outs))

    def program(self) -> Program:
        tensors = {}
        for value, rows in self.rows.items():
            tensor = Tensor(value, DType.INT8, (rows, COLUMNS), (0, 1), 0)
            busy = sorted(
                (other.offset, other.end)
                for other in tensors.values()
                if self.born[other.id] <= self.dies[value]
                and self.born[value] <= self.dies[other.id]
            )
            place = 0
            for start, end in busy:
                if place + tensor.bytes > start:
                    place = max(place, end)
            tensors[value] = replace(tensor, offset=place + COLUMNS * self.rng.choice([0, 0, 0, 1]))
            while any(
                tensors[value].offset < end and start < tensors[value].end for start, end in busy
            ):
                tensors[value] = replace(tensors[value], offset=tensors[value].offset + COLUMNS)
        instructions = []
        for index, (operator, reads, outs) in enumerate(self.instructions):
            read, written = (tuple(tensors[v] for v in values) for values in (reads, outs))
            arguments = {
                CLAMP: (*read, -9, 9, *written, *written),
                CLONE: (*read, None, *written, *written),
                SPLIT: (*read, tuple(self.rows[v] for v in outs), 0, written, written),
                CAT: (read, 0, *written, *written),
            }[operator]
            instructions.append(Instruction(index, operator, arguments))
        return Program(
            path="random",
            file_bytes=0,
            arena_bytes=max(tensor.end for tensor in tensors.values()),
            constants=Constants(),
            inputs=tuple(tensors[value] for value in self.inputs),
            outputs=tuple(tensors[value] for value in self.outputs),
            instructions=tuple(instructions),
            constant_tensors=(),
        )

    def meaning(self, given: list[bytes]) -> list[bytes]:
        """The outputs, by values instead of places."""
        held = dict(zip(self.inputs, given, strict=True))
        for index, (operator, reads, outs) in enumerate(self.instructions):
            joined = b"".join(held[value] for value in reads)
            if operator == CLAMP:
                joined = computed(joined, index)
            for out in outs:
                size = self.rows[out] * COLUMNS
                held[out], joined = joined[:size], joined[size:]
        return [held[value] for value in self.outputs]


def computed(data: bytes, index: int) -> bytes:
    """Stands for a kernel: different for each instruction."""
    return bytes((5 * byte + 7 * index + 1) % 256 for byte in data)


def run(made: plan.Plan, given: list[bytes]) -> list[bytes]:
    """The outputs of a plan in its arena."""
    arena = bytearray(b"\xee" * made.program.arena_bytes)
    for port, data in zip(made.inputs, given, strict=True):
        arena[port.tensor.offset : port.tensor.end] = data
    for step in made.steps:
        if not step.kernel:
            continue
        first, *rest = step.arguments
        if step.kernel == "memcpy":
            source, size = rest
            start, target = source.tensor.offset + source.at, first.tensor.offset + first.at
            assert not (start < target + size and target < start + size)
            arena[target : target + size] = arena[start : start + size]
            continue
        assert rest[0] is PARAMETERS
        source, target = first.tensor, rest[1].tensor
        # Upward and in place, as the kernels of one operand.
        for at in range(source.bytes):
            byte = arena[source.offset + at : source.offset + at + 1]
            place = target.offset + at
            arena[place : place + 1] = computed(byte, step.instruction.index)
    return [bytes(arena[port.tensor.offset : port.tensor.end]) for port in made.outputs]


def described(program: Program) -> report.Report:
    versions = {"kernel_abi": KERNEL_ABI, "program_schema": "ET12 version 0"}
    origins = tuple(
        report.Origin(item.operator.rpartition(".")[0]) for item in program.instructions
    )
    return report.Report(
        "random.json", "mve", "cortex-m55", versions, origins, {}, program.arena_bytes
    )


@pytest.mark.parametrize("seed", range(10))
def test_random_programs(seed):
    rng = random.Random(seed)
    gone = left = 0
    for _ in range(60):
        writer = Writer(rng)
        program = writer.program()
        made = plan.make("m", "constants", program, described(program), Build("mve"))
        check("random", "mve", made.steps, made.memory, made.arena.banks)
        assert made.arena.bytes <= program.arena_bytes
        given = [rng.randbytes(tensor.bytes) for tensor in program.inputs]
        assert run(made, given) == writer.meaning(given)
        gone += len(made.vanished)
        left += sum(step.kernel == "memcpy" for step in made.steps)
    assert gone > left > 0
