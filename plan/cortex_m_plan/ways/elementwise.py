# SPDX-License-Identifier: Apache-2.0
"""Ways of the kernels that make one output element of one element of each operand, upward.

Element i of the output is written before element i + 1 of an operand is read. Where an output's
element is not larger than an operand's it may lie in its place.
"""

from collections.abc import Mapping

from cortex_m_plan.step import Field
from cortex_m_plan.ways.way import Clause, Way

_IN_PLACE = (Clause(0),)
_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 8, 6: 4, 11: 1}  # of CORTEX_M_CONVERT_..., in bytes


def in_place(parameters: Mapping[str, Field]) -> tuple[Way, ...]:
    """Of kernels with one operand and `count` elements of one size, or smaller ones written."""
    return (Way(clauses={"input": _IN_PLACE}),)


def widening(read: int, written: int):
    """Of kernels that write larger elements than they read, in bytes."""

    def ways(parameters: Mapping[str, Field]) -> tuple[Way, ...]:
        return (Way(clauses={"input": (_growing(parameters["count"], read, written),)}),)

    return ways


def convert(parameters: Mapping[str, Field]) -> tuple[Way, ...]:
    """Of the kernel whose element types are parameters."""
    read, written = (_SIZES[parameters[name]] for name in ("from", "to"))
    return (Way(clauses={"input": (_growing(parameters["count"], read, written),)}),)


def pairwise(parameters: Mapping[str, Field]) -> tuple[Way, ...]:
    """Of kernels with two operands, which may be broadcast: one that lies like the output."""
    shape = parameters["shape"]
    dims = shape.output_dims[: shape.rank]
    strides = {"self": shape.self_strides, "other": shape.other_strides}
    clauses = {role: _IN_PLACE for role, steps in strides.items() if _like_output(dims, steps)}
    return (Way(clauses=clauses),)


def _growing(count: int, read: int, written: int) -> Clause:
    # All elements but the last are written before the last is read.
    return Clause(max(written - read, 0) * max(count - 1, 0))


def _like_output(dims: tuple[int, ...], strides: tuple[int, ...]) -> bool:
    """Whether each element of an operand is read once, in the order in which outputs are made."""
    step = 1
    for size, stride in zip(reversed(dims), reversed(strides[: len(dims)]), strict=True):
        if stride != step:
            return False
        step *= size
    return True
