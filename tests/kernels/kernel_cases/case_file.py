# SPDX-License-Identifier: Apache-2.0
"""The case file's format; case_runner.c reads it."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np

MAGIC = b"CMK4"
ISAS = ("scalar", "dsp", "mve")
_MOST_STORED = 8
_NO_BUFFER = 0xFFFFFFFF
_STREAM = 0xFFFFFFFF


@dataclass(frozen=True)
class Table:
    """A constant as the plan lays it in flash: at an aligned address, and as each ISA wants it."""

    layouts: dict[str, np.ndarray]

    def __str__(self) -> str:
        return f"Table({next(iter(self.layouts.values()))})"


@dataclass(frozen=True)
class Call:
    """How one instruction set's kernel is called.

    Attributes:
        tile: the way, 0 for a kernel that has one.
        scratch: bytes of scratch the plan compiler reckons with for that way.
        overlapped: which input lies over the output, by its place among the arguments.
        delta: from the output's start to that input's, in bytes.
    """

    tile: int = 0
    scratch: int = 0
    overlapped: int | None = None
    delta: int = 0


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
        struct: the operator whose parameter struct it takes; its own unless given.
        isas: those whose kernel can do it.
        calls: by instruction set, how its kernel is called; in its only way and with everything
            apart unless given.
        scratch_planned: there is a scratch buffer, of no bytes, even if the kernel needs none.
        tolerance: float32, how far each element of a float32 output may be off. Every bit has to
            be right without it, and where it is 0, NaN apart: any is as good as another.
    """

    operator: str
    description: str
    params: dict[str, object]
    buffers: Sequence[np.ndarray | Table | None]
    expected: np.ndarray
    struct: str = ""
    isas: Sequence[str] = ISAS
    calls: dict[str, Call] = field(default_factory=dict)
    scratch_planned: bool = False
    misalignments: list[int] = field(default_factory=list)
    tolerance: np.ndarray | None = None

    def __post_init__(self) -> None:
        self.struct = self.struct or self.operator


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
    offsets = iter(case.misalignments)
    stored = []
    tensors = []
    for buffer in case.buffers:
        offset = next(offsets, 0)
        for array, isas in _layouts(buffer):
            stored.append(array)
            tensors.append(_tensor_header(array, 0 if isinstance(buffer, Table) else offset, isas))
    if len(stored) > _MOST_STORED:
        raise ValueError(f"{case.operator}: more than {_MOST_STORED} inputs")
    tensors += [_tensor_header(None, 0, ISAS)] * (_MOST_STORED - len(tensors))
    overlapped = {call.overlapped for call in case.calls.values()} - {None}
    if any(case.buffers[place].itemsize > 1 for place in overlapped):
        offsets = iter(())  # its alignment follows from the output's
    tensors.append(_tensor_header(case.expected, next(offsets, 0), ISAS))
    stream.write(
        struct.pack(
            "<48s128sIIIIII",
            _text(case.operator, 48),
            _text(case.description, 128),
            _mask(case.isas),
            len(params),
            case.scratch_planned,
            case.expected.itemsize,
            len(stored),
            0 if case.tolerance is None else case.tolerance.nbytes,
        )
    )
    stream.write(b"".join(_call_header(case.calls.get(isa, Call())) for isa in ISAS))
    stream.write(b"".join(tensors))
    for data in (params, *stored, case.expected, case.tolerance):
        if data is not None:
            _write_padded(stream, data if isinstance(data, bytes) else data.tobytes())


def _layouts(
    buffer: np.ndarray | Table | None,
) -> list[tuple[np.ndarray | None, list[str]]]:
    """The arrays the file has of an input, each with the ISAs it is for."""
    if not isinstance(buffer, Table):
        return [(buffer, list(ISAS))]
    layouts: dict[bytes, tuple[np.ndarray, list[str]]] = {}
    for isa, array in buffer.layouts.items():
        layouts.setdefault(array.tobytes(), (array, []))[1].append(isa)
    return list(layouts.values())


def _call_header(call: Call) -> bytes:
    overlapped = _NO_BUFFER if call.overlapped is None else call.overlapped
    return struct.pack("<iIIi", call.tile, call.scratch, overlapped, call.delta)


def _mask(isas: Sequence[str]) -> int:
    return sum(1 << ISAS.index(isa) for isa in isas)


def _tensor_header(tensor: np.ndarray | None, misalignment: int, isas: Sequence[str]) -> bytes:
    if tensor is None:
        return struct.pack("<III", _NO_BUFFER, 0, _mask(isas))
    # Only bytes may lie at any address.
    return struct.pack(
        "<III", tensor.nbytes, misalignment if tensor.itemsize == 1 else 0, _mask(isas)
    )


def _text(text: str, size: int) -> bytes:
    return text.encode("ascii")[: size - 1]


def _write_padded(stream: BinaryIO, data: bytes) -> None:
    stream.write(data + bytes(-len(data) % 8))
