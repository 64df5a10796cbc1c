# SPDX-License-Identifier: Apache-2.0
"""Reference vectors: making random ones, and the file the firmware test reads."""

import struct
from dataclasses import dataclass

import numpy as np

from cortex_m_lowering.samples import InputSpec, Samples

_ALIGNMENT = 16
_SEED = 0x5EED


@dataclass(frozen=True)
class Vectors:
    """Runs of the lowered program, each tensor as the bytes the core holds.

    Attributes:
        inputs, outputs: per vector, per tensor, the bytes in memory order.
        sizes: bytes of each input, then of each output.
        input_count: how many of `sizes` are inputs.
        labels: per vector, or None.
        float_correct, int8_correct: top-1 hits over labelled vectors, else -1.
    """

    inputs: list[list[bytes]]
    outputs: list[list[bytes]]
    sizes: list[int]
    input_count: int
    labels: list[int] | None = None
    float_correct: int = -1
    int8_correct: int = -1

    def encode(self) -> bytes:
        """The .vectors file: header, tensor sizes, then the vectors, all 16-aligned."""
        header = struct.pack(
            "<4s4I2iI",
            b"CMV1",
            len(self.inputs),
            self.input_count,
            len(self.sizes) - self.input_count,
            0 if self.labels is None else 1,
            self.float_correct,
            self.int8_correct,
            0,
        )
        parts = [_padded(header + struct.pack(f"<{len(self.sizes)}I", *self.sizes))]
        for index, (inputs, outputs) in enumerate(zip(self.inputs, self.outputs, strict=True)):
            label = -1 if self.labels is None else self.labels[index]
            parts.append(_padded(struct.pack("<i", label)))
            parts.extend(_padded(data) for data in [*inputs, *outputs])
        return b"".join(parts)


def random_samples(
    count: int,
    specs: list[InputSpec],
    example: tuple[np.ndarray, ...],
    calibration: Samples,
) -> Samples:
    """`count` samples: the example inputs, then random ones in the calibrated range."""
    generator = np.random.Generator(np.random.PCG64(_SEED))
    inputs = []
    for spec, first, seen in zip(specs, example, calibration.inputs, strict=True):
        array = np.empty((count, *spec.shape), dtype=spec.dtype)
        if count:
            array[0] = first
            array[1:] = _uniform(generator, seen, array[1:].shape)
        inputs.append(array)
    return Samples(tuple(inputs))


def _uniform(generator: np.random.Generator, seen: np.ndarray, shape: tuple) -> np.ndarray:
    low, high = seen.min(), seen.max()
    if seen.dtype.kind == "f":
        unit = generator.random(shape, dtype=np.float32)
        return np.clip(low + (high - low) * unit, low, high).astype(seen.dtype)
    if seen.dtype.kind == "b":
        return generator.integers(0, 2, shape).astype(seen.dtype)
    return generator.integers(int(low), int(high) + 1, shape).astype(seen.dtype)


def memory_bytes(array: np.ndarray, dim_order: tuple[int, ...]) -> bytes:
    """The bytes of a logically indexed array laid out in `dim_order`, little-endian."""
    little = array.astype(array.dtype.newbyteorder("<"), copy=False)
    return np.ascontiguousarray(little.transpose(dim_order)).tobytes()


def top1(output: np.ndarray) -> int:
    """Index of the largest element, the first one among equals."""
    return int(np.argmax(output.reshape(-1)))


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % _ALIGNMENT)
