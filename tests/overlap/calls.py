# SPDX-License-Identifier: Apache-2.0
"""Calls of every kernel that states how it may overlap, in every one of its ways."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cortex_m_plan.ways import Way
from kernel_cases.calls import PLACES, nearest, ways_of
from kernel_cases.case_file import Call, Case
from kernel_cases.generate import generate

_SEED = 5
_MANY = 60
_SOME = 24

# The operators whose kernels have clauses; a generator of several kernels counts for all of them.
_OPERATORS = {
    "quantized_conv2d_1x1": _MANY,
    "quantized_conv2d_folded": _MANY,
    "quantized_depthwise_conv2d_3x3": _MANY,
    "quantized_depthwise_conv2d_folded": _SOME,
    "quantized_linear_folded": _SOME,
    "binary_int": _SOME,
    "clamp_s8": _SOME,
    "convert": _SOME,
    "dequantize_per_tensor": _SOME,
    "dequantize_per_tensor_s16": _SOME,
    "maximum": _SOME,
    "maximum_s32": _SOME,
    "minimum": _SOME,
    "minimum_s32": _SOME,
    "pad": _MANY,
    "quantize_per_tensor": _SOME,
    "quantize_per_tensor_s16": _SOME,
    "quantized_activation": _SOME,
    "quantized_add": _SOME,
    "quantized_add_dense": _SOME,
    "quantized_avg_pool2d": _SOME,
    "quantized_avg_pool2d_integer": _SOME,
    "quantized_conv2d": _SOME,
    "quantized_depthwise_conv2d": _SOME,
    "quantized_div": _SOME,
    "quantized_div_s16": _SOME,
    "quantized_linear": _SOME,
    "quantized_max_pool2d": _SOME,
    "quantized_mul": _SOME,
    "quantized_mul_dense": _SOME,
    "softmax": _SOME,
    "unary_int": _SOME,
    "unary_f32": 3 * _SOME,
    "binary_f32": 2 * _SOME,
}


# Kernels that look where their buffers lie, and copy otherwise when they share bytes.
_LOOKING = {"pad"}


@dataclass(frozen=True)
class Traced:
    """A case that calls its kernel in one of its ways."""

    case: Case
    way: Way

    @property
    def apart(self) -> bool:
        """Whether it is made with everything apart."""
        return all(call.overlapped is None for call in self.case.calls.values())

    def __str__(self) -> str:
        return f"{self.case.operator} ({self.case.description}) tile {self.way.tile}"


def cases() -> list[Case]:
    """Small random cases; equal ones at each call."""
    return [case for name, count in _OPERATORS.items() for case in generate(name, count, _SEED)]


def traced(made: Iterable[Case], isa: str) -> list[Traced]:
    """The calls of an instruction set that state clauses, with everything apart where it may be."""
    return [
        Traced(replace(case, calls={isa: _call(case, way)}, isas=(isa,)), way)
        for case in made
        if isa in case.isas
        for way in ways_of(case, isa)
        if way.clauses
    ]


def _call(case: Case, way: Way) -> Call:
    if case.operator not in _LOOKING:
        return Call(way.tile, way.scratch)
    place, clause = PLACES["input"], way.clauses["input"][0]
    return Call(way.tile, way.scratch, place, nearest(case, place, clause))
