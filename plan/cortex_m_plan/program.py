# SPDX-License-Identifier: Apache-2.0
"""The intermediate representation: what a .pte says, with nothing of its encoding left."""

from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from math import prod


class DType(Enum):
    """An element type: (name in the .pte, name in the reports, C type, cortex_m_dtype, bytes)."""

    FLOAT32 = ("FLOAT", "float32", "float", "CORTEX_M_FLOAT32", 4)
    INT8 = ("CHAR", "int8", "int8_t", "CORTEX_M_INT8", 1)
    UINT8 = ("BYTE", "uint8", "uint8_t", "CORTEX_M_UINT8", 1)
    INT16 = ("SHORT", "int16", "int16_t", "CORTEX_M_INT16", 2)
    INT32 = ("INT", "int32", "int32_t", "CORTEX_M_INT32", 4)
    INT64 = ("LONG", "int64", "int64_t", "CORTEX_M_INT64", 8)
    BOOL = ("BOOL", "bool", "bool", "CORTEX_M_BOOL", 1)

    def __init__(self, schema_name: str, label: str, c_type: str, c_enum: str, size: int):
        self.schema_name = schema_name
        self.label = label
        self.c_type = c_type
        self.c_enum = c_enum
        self.size = size

    @property
    def low(self) -> int:
        """The smallest value of a signed integer type."""
        return -(1 << (8 * self.size - 1))

    @property
    def high(self) -> int:
        """The largest value of a signed integer type."""
        return (1 << (8 * self.size - 1)) - 1


@dataclass(frozen=True)
class Tensor:
    """A tensor of static shape, in the arena or in the constant segment.

    `offset` is in bytes, from the start of whichever of the two holds it; `constant` is the
    index in the program's table of constants, None for a tensor in the arena.
    `dim_order` lists the dimensions from the outermost to the innermost in memory.
    """

    id: int
    dtype: DType
    sizes: tuple[int, ...]
    dim_order: tuple[int, ...]
    offset: int
    constant: int | None = None

    @cached_property
    def elements(self) -> int:
        return prod(self.sizes)

    @cached_property
    def bytes(self) -> int:
        return self.elements * self.dtype.size

    @cached_property
    def end(self) -> int:
        return self.offset + self.bytes

    @cached_property
    def physical_sizes(self) -> tuple[int, ...]:
        """The sizes in memory order, outermost first."""
        return tuple(self.sizes[dim] for dim in self.dim_order)

    @cached_property
    def strides(self) -> tuple[int, ...]:
        """The distance in elements between neighbours, per logical dimension."""
        strides = [0] * len(self.sizes)
        step = 1
        for dim in reversed(self.dim_order):
            strides[dim] = step
            step *= self.sizes[dim]
        return tuple(strides)

    def __str__(self) -> str:
        place = "arena" if self.constant is None else "constants"
        shape = "x".join(map(str, self.sizes)) or "scalar"
        order = ",".join(map(str, self.dim_order))
        return f"{self.dtype.label} {shape}, dim_order [{order}], {place}+{self.offset}"


Value = Tensor | int | float | bool | str | tuple | None
"""What an operator's argument can be."""


@dataclass(frozen=True)
class Instruction:
    """One kernel call of the program. `operator` is the full name, `cortex_m::pad.out`."""

    index: int
    operator: str
    arguments: tuple[Value, ...]


@dataclass(frozen=True)
class Constants:
    """The constant segment: where it is in the file, and its table of offsets.

    Entry 0 of the table is reserved by the format. `data` is the segment itself.
    """

    file_offset: int = 0
    bytes: int = 0
    offsets: tuple[int, ...] = ()
    data: bytes = field(default=b"", repr=False)

    def integers(self, tensor: "Tensor") -> memoryview:
        """The elements of a constant integer tensor, in memory order."""
        part = memoryview(self.data)[tensor.offset : tensor.end]
        return part.cast({DType.INT8: "b", DType.INT16: "h", DType.INT32: "i"}[tensor.dtype])

    def extent(self, index: int) -> int:
        """Bytes from a constant to the next one: its data and the padding after it."""
        start = self.offsets[index]
        return min((o for o in self.offsets[1:] if o > start), default=self.bytes) - start


@dataclass(frozen=True)
class Program:
    """A decoded .pte."""

    path: str
    file_bytes: int
    arena_bytes: int
    constants: Constants
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    instructions: tuple[Instruction, ...]
    constant_tensors: tuple[Tensor, ...]
