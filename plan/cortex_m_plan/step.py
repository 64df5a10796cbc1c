# SPDX-License-Identifier: Apache-2.0
"""What an instruction becomes: one kernel call with its parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cortex_m_plan.program import Instruction, Tensor

PARAMETERS = "parameters"
"""Stands for the address of the step's own parameter struct among its arguments."""

Field = int | float | tuple[int, ...]
"""A field of a parameter struct. Floats are meant as float32; tuples are arrays or dims."""


@dataclass(frozen=True)
class Pointer:
    """An argument that points at a tensor, or is null. `role` names it in the comment."""

    role: str
    tensor: Tensor | None
    writable: bool = False


@dataclass(frozen=True)
class Scratch:
    """A planned working buffer and the constant expression for what the kernel needs."""

    tensor: Tensor
    need: str


@dataclass(frozen=True)
class Step:
    """One instruction of the plan.

    `kernel` is the C function: a cortex_m_ one, memcpy, or empty if nothing is left to do;
    `summary` tells a reader the shapes, in memory order.
    """

    instruction: Instruction
    kernel: str
    summary: str
    arguments: tuple[Pointer | str | int, ...] = ()
    parameters: Mapping[str, Field] = field(default_factory=dict)
    scratch: Scratch | None = None
