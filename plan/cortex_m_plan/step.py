# SPDX-License-Identifier: Apache-2.0
"""What an instruction becomes: one kernel call with its parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cortex_m_plan.program import DType, Instruction, Tensor

if TYPE_CHECKING:  # the ways are made of steps' parameters
    from cortex_m_plan.ways import Way

PARAMETERS = "parameters"
"""Stands for the address of the step's own parameter struct among its arguments."""

TILE = "tile"
"""Stands for the number of the way in which the kernel walks, among its arguments."""

Field = int | float | tuple["Field", ...]
"""A field of a parameter struct. Floats are meant as float32, tuples are arrays, and named ones
structs."""


@dataclass(frozen=True)
class Table:
    """A constant that the plan makes of constants of the program. `what` tells a reader what."""

    what: str
    dtype: DType
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Pointer:
    """An argument that points at a tensor or a table, or is null. `role` names it in the comment.

    `at` is how many bytes after the tensor's start it points.
    """

    role: str
    tensor: Tensor | Table | None
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
    """A planned working buffer and the constant expression for what the kernel needs.

    `{tile}` in the expression stands for the number of the way.
    """

    tensor: Tensor
    need: str = "0"


@dataclass(frozen=True)
class Step:
    """One call of the plan. An instruction becomes one step or more.

    `kernel` is the C function: a cortex_m_ one, memcpy, or empty if nothing is left to do;
    `summary` tells a reader the shapes, in memory order; `move` is given if the step does nothing
    else than to copy bytes; `part` numbers the steps of one instruction; `macs` is how many
    products it sums up, taps in the padding included.

    `struct` is the C type of the parameters, `<kernel>_params` if it is empty.
    `rejected` are the faster kernels that cannot do this call, each with the reason; `fused` tells
    what of other instructions it does, too; `ways` are
    those in which the chosen one can walk, fastest first, and `way` is the one it takes. Both are
    there once the kernel is chosen.
    """

    instruction: Instruction
    kernel: str
    summary: str
    arguments: tuple[Pointer | str | int, ...] = ()
    parameters: Mapping[str, Field] = field(default_factory=dict)
    scratches: tuple[Scratch, ...] = ()
    move: Move | None = None
    part: int = 0
    macs: int = 0
    struct: str = ""
    rejected: tuple[tuple[str, str], ...] = ()
    fused: tuple[str, ...] = ()
    ways: "tuple[Way, ...]" = ()
    way: "Way | None" = None
