# SPDX-License-Identifier: Apache-2.0
"""The case file's format; case_runner.c reads it."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np

MAGIC = b"CMK2"
_MOST_BUFFERS = 6
_NO_BUFFER = 0xFFFFFFFF
_STREAM = 0xFFFFFFFF


@dataclass
class Case:
    """One call of a kernel: what goes in and what must come out.

    Attributes:
        operator: the kernel's name without its prefix.
        description: what a person needs to find the case again.
        params: values of the parameter struct's members.
        buffers: input arrays in the order of the kernel's arguments, in memory order; None is a
            null pointer.
        expected: the output, in memory order.
        scratch_bytes: size of the scratch buffer.
        tolerance: float32, how far each element of a float32 output may be off. Every bit has to
            be right without it, and where it is 0, NaN apart: any is as good as another.
    """

    operator: str
    description: str
    params: dict[str, object]
    buffers: Sequence[np.ndarray | None]
    expected: np.ndarray
    scratch_bytes: int = 0
    misalignments: list[int] = field(default_factory=list)
    tolerance: np.ndarray | None = None


def write_cases(stream: BinaryIO, cases: Sequence[tuple[Case, bytes]]) -> None:
    """Writes cases, each with its packed parameters."""
    stream.write(MAGIC + struct.pack("<I", len(cases)))
    for case, params in cases:
        write_case(stream, case, params)


def begin_stream(stream: BinaryIO) -> None:
    """Begins a file that is a pipe: cases follow as they come, and the runner answers each."""
    stream.write(MAGIC + struct.pack("<I", _STREAM))


def write_case(stream: BinaryIO, case: Case, params: bytes) -> None:
    """Writes one case with its packed parameters."""
    if len(case.buffers) > _MOST_BUFFERS:
        raise ValueError(f"{case.operator}: more than {_MOST_BUFFERS} inputs")
    offsets = iter(case.misalignments)
    tensors = [_tensor_header(buffer, next(offsets, 0)) for buffer in case.buffers]
    tensors += [_tensor_header(None, 0)] * (_MOST_BUFFERS - len(tensors))
    tensors.append(_tensor_header(case.expected, next(offsets, 0)))
    stream.write(
        struct.pack(
            "<32s128sIIIII",
            _text(case.operator, 32),
            _text(case.description, 128),
            len(params),
            case.scratch_bytes,
            case.expected.itemsize,
            len(case.buffers),
            0 if case.tolerance is None else case.tolerance.nbytes,
        )
    )
    stream.write(b"".join(tensors))
    for data in (params, *case.buffers, case.expected, case.tolerance):
        if data is not None:
            _write_padded(stream, data if isinstance(data, bytes) else data.tobytes())


def _tensor_header(tensor: np.ndarray | None, misalignment: int) -> bytes:
    if tensor is None:
        return struct.pack("<II", _NO_BUFFER, 0)
    # Only bytes may lie at any address.
    return struct.pack("<II", tensor.nbytes, misalignment if tensor.itemsize == 1 else 0)


def _text(text: str, size: int) -> bytes:
    return text.encode("ascii")[: size - 1]


def _write_padded(stream: BinaryIO, data: bytes) -> None:
    stream.write(data + bytes(-len(data) % 8))
