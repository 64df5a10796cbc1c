# SPDX-License-Identifier: Apache-2.0
"""Packs a kernel's parameter struct as its C header declares it.

The headers are the one description of the structs: this module reads their typedefs.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_CONSTANT = re.compile(r"^\s*#define\s+(\w+)\s+(\d+)\s*$", re.MULTILINE)
_STRUCT = re.compile(r"typedef\s+struct\s*\{(.*?)\}\s*(\w+)\s*;", re.DOTALL)
_ALIAS = re.compile(r"typedef\s+(cortex_m_\w+)\s+(\w+)\s*;")
_FIELD = re.compile(r"^(\w+)\s+(\w+)(?:\[(\w+)\])?$")
_SCALARS = {"int32_t": "<i", "float": "<f"}


@dataclass(frozen=True)
class Field:
    """One member of a struct: its C type, its name, and its length if it is an array."""

    type: str
    name: str
    length: int | None


class ParamStructs:
    """The parameter structs of a set of headers."""

    def __init__(self, headers: Iterable[Path]) -> None:
        self._structs: dict[str, list[Field]] = {}
        texts = [_COMMENT.sub(" ", h.read_text(encoding="utf-8")) for h in sorted(headers)]
        constants = {n: int(value) for text in texts for n, value in _CONSTANT.findall(text)}
        for text in texts:
            for body, name in _STRUCT.findall(text):
                members = (m.strip() for m in body.split(";"))
                self._structs[name] = [_field(m, constants) for m in members if m]
            for known, name in _ALIAS.findall(text):
                self._structs[name] = self._structs[known]

    def pack(self, operator: str, values: dict[str, object]) -> bytes:
        """The bytes of `cortex_m_<operator>_params` with these members, little-endian."""
        return self._pack_struct(f"cortex_m_{operator}_params", values)

    def _pack_struct(self, name: str, values: object) -> bytes:
        fields = self._structs[name]
        if not isinstance(values, dict):
            values = dict(zip((f.name for f in fields), values, strict=True))
        if values.keys() != {f.name for f in fields}:
            names = values.keys() ^ {f.name for f in fields}
            raise ValueError(f"{name}: members missing or unknown: {sorted(names)}")
        return b"".join(self._pack_field(f, values[f.name]) for f in fields)

    def _pack_field(self, field: Field, value: object) -> bytes:
        if field.length is None:
            return self._pack_value(field.type, value)
        if not isinstance(value, Sequence) or len(value) != field.length:
            raise ValueError(f"{field.name}: expected {field.length} values, got {value!r}")
        return b"".join(self._pack_value(field.type, v) for v in value)

    def _pack_value(self, type_name: str, value: object) -> bytes:
        if type_name in _SCALARS:
            return struct.pack(_SCALARS[type_name], value)
        return self._pack_struct(type_name, value)


def _field(member: str, constants: dict[str, int]) -> Field:
    match = _FIELD.match(member)
    if match is None:
        raise ValueError(f"not a plain struct member: {member!r}")
    type_name, name, length = match.groups()
    if length is None:
        return Field(type_name, name, None)
    return Field(type_name, name, int(length) if length.isdigit() else constants[length])
