# SPDX-License-Identifier: Apache-2.0
"""The outside of a .pte: file identifier, extended header, segments.

0   u32   offset of the flatbuffer's root table
4   "ET12"
8   "eh00", u32 header length, u64 program bytes, u64 segment base, u64 segment bytes
..  the flatbuffer, to program bytes
..  the segments, from segment base

A program without constants has no segments, and no extended header either.
"""

import struct
from dataclasses import dataclass
from pathlib import Path

from cortex_m_plan import PROGRAM_SCHEMA
from cortex_m_plan.errors import PlanError

_IDENTIFIER = slice(4, 8)
_HEADER_AT = 8
_HEADER_MAGIC = b"eh00"
_HEADER = struct.Struct("<4sIQQ")
_SEGMENT_BYTES = struct.Struct("<Q")

_AGAIN = "make the .pte again with cortex_m_lowering, or copy it again whole"


@dataclass(frozen=True)
class Container:
    """The bytes of a .pte whose header has been checked."""

    path: str
    data: bytes
    program_bytes: int
    segment_base: int

    @property
    def flatbuffer(self) -> bytes:
        return self.data[: self.program_bytes]

    def damaged(self, why: str) -> PlanError:
        """An error for contents that no ExecuTorch writes."""
        return PlanError(f"{self.path}: damaged: {why}", fix=_AGAIN)


def _cut_short(path: str, announced: int, there: int) -> PlanError:
    return PlanError(
        f"{path}: cut short: its header announces {announced} bytes, the file has {there}",
        fix=_AGAIN,
    )


def read(path: Path) -> Container:
    """Reads a .pte and checks that it is one, of the right version and complete."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PlanError(
            f"{path}: cannot be read: {error.strerror}", fix="name a .pte file with --program"
        ) from None

    _check_identifier(str(path), data)
    minimum = _HEADER_AT + _HEADER.size
    if len(data) < minimum:
        raise PlanError(
            f"{path}: cut short: {len(data)} bytes do not hold a program's header", fix=_AGAIN
        )
    magic, length, program_bytes, segment_base = _HEADER.unpack_from(data, _HEADER_AT)
    if magic != _HEADER_MAGIC:
        return Container(str(path), data, len(data), 0)
    if length < _HEADER.size:
        raise PlanError(
            f"{path}: an extended header of {length} bytes",
            fix="write the program with ExecuTorch 1.x and constants in a segment (the default)",
        )
    segment_bytes = 0
    if length >= _HEADER.size + _SEGMENT_BYTES.size and len(data) >= minimum + 8:
        (segment_bytes,) = _SEGMENT_BYTES.unpack_from(data, minimum)

    container = Container(str(path), data, program_bytes, segment_base)
    if program_bytes < minimum:
        raise container.damaged(f"its header gives the program {program_bytes} bytes")
    if segment_base and segment_base < program_bytes:
        raise container.damaged("its header puts the segments inside the program")
    announced = max(program_bytes, segment_base + segment_bytes)
    if len(data) < announced:
        raise _cut_short(str(path), announced, len(data))
    return container


def _check_identifier(path: str, data: bytes) -> None:
    identifier = data[_IDENTIFIER]
    expected = PROGRAM_SCHEMA.encode()
    if identifier == expected:
        return
    if len(data) == 0:
        raise PlanError(f"{path}: the file is empty", fix=_AGAIN)
    if len(identifier) == 4 and identifier[:2] == b"ET":
        raise PlanError(
            f"{path}: schema version {identifier.decode('ascii', 'replace')}, "
            f"this compiler reads {PROGRAM_SCHEMA}",
            fix="lower the model with the ExecuTorch that this rule set is pinned to",
        )
    raise PlanError(
        f"{path}: not an ExecuTorch program: {PROGRAM_SCHEMA} is missing at byte 4",
        fix="name the .pte that cortex_m_lowering wrote",
    )
