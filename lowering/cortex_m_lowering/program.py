# SPDX-License-Identifier: Apache-2.0
"""A lowered program in this project's own words, free of upstream types."""

from dataclasses import dataclass, field

FLOAT_COMPUTE = "compute"
FLOAT_COPY = "copy"


@dataclass(frozen=True)
class Tensor:
    """One tensor of the program.

    Attributes:
        name: unique, derived from the graph.
        kind: `input`, `output`, `constant`, `scratch` or `activation`.
        dtype: `float32`, `int8`, ...
        shape: logical sizes.
        dim_order: logical dimensions from outermost to innermost in memory.
        bytes: size of the data.
        offset: byte offset in the arena; -1 for a constant.
        first, last: first and last instruction that touches it (inputs live from 0,
            outputs until the last instruction); -1 when no instruction does.
    """

    name: str
    kind: str
    dtype: str
    shape: tuple[int, ...]
    dim_order: tuple[int, ...]
    bytes: int
    offset: int
    first: int
    last: int


@dataclass(frozen=True)
class Instruction:
    """One instruction of the program's only chain, and where it comes from.

    Attributes:
        float_use: `compute` or `copy` if it works on floating-point data and is not a
            quantize or dequantize of the Cortex-M dialect; else empty.
        reason: why it computes in float; else empty.
    """

    index: int
    op: str
    node: str
    source: str
    module: str
    float_use: str = ""
    reason: str = ""

    @property
    def is_float(self) -> bool:
        """Whether it computes in floating point."""
        return self.float_use == FLOAT_COMPUTE


@dataclass(frozen=True)
class Scratch:
    """A kernel's planned working buffer, beside what CMSIS-NN's binding asks for."""

    instruction: int
    op: str
    shape: tuple[int, ...]
    bytes: int
    binding_bytes: int
    offset: int


@dataclass(frozen=True)
class Quantization:
    """Affine int8 parameters of a value: real = scale * (int - zero_point)."""

    scale: float
    zero_point: int


@dataclass(frozen=True)
class Program:
    """A serialized program with everything the report says about it."""

    data: bytes
    schema: str
    arena_bytes: int
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    tensors: tuple[Tensor, ...]
    instructions: tuple[Instruction, ...]
    scratch: tuple[Scratch, ...]
    input_quantization: tuple[Quantization | None, ...] = ()
    output_quantization: tuple[Quantization | None, ...] = ()
    quantization: tuple[dict, ...] = field(default_factory=tuple)
