# SPDX-License-Identifier: Apache-2.0
"""What an instruction becomes: one kernel call with its parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cortex_m_plan.program import Instruction, Tensor

PARAMETERS = "parameters"
"""Stands for the address of the step's own parameter struct among its arguments."""

Field = int | float | tuple["Field", ...]
"""A field of a parameter struct. Floats are meant as float32, tuples are arrays, and named ones
structs."""


@dataclass(frozen=True)
class Pointer:
    """An argument that points at a tensor, or is null. `role` names it in the comment.

    `at` is how many bytes after the tensor's start it points.
    """

    role: str
    tensor: Tensor | None
    writable: bool = False
    at: int = 0


@dataclass(frozen=True)
class Move:
    """Neighbouring bytes of one tensor that become bytes of another, as they are."""

    source: Tensor
    target: Tensor
    bytes: int
    source_at: int = 0
    target_at: int = 0

    @property
    def in_place(self) -> bool:
        """Whether the bytes are there already."""
        one, other = self.source, self.target
        return (one.constant is None) == (other.constant is None) and (
            one.offset + self.source_at == other.offset + self.target_at
        )


@dataclass(frozen=True)
class Scratch:
    """A planned working buffer and the constant expression for what the kernel needs."""

    tensor: Tensor
    need: str


@dataclass(frozen=True)
class Step:
    """One call of the plan. An instruction becomes one step or more.

    `kernel` is the C function: a cortex_m_ one, memcpy, or empty if nothing is left to do;
    `summary` tells a reader the shapes, in memory order; `move` is given if the step does nothing
    else than to copy bytes; `part` numbers the steps of one instruction.
    """

    instruction: Instruction
    kernel: str
    summary: str
    arguments: tuple[Pointer | str | int, ...] = ()
    parameters: Mapping[str, Field] = field(default_factory=dict)
    scratches: tuple[Scratch, ...] = ()
    move: Move | None = None
    part: int = 0
