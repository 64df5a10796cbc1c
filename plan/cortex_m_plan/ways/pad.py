# SPDX-License-Identifier: Apache-2.0
"""The way of padding."""

from collections.abc import Mapping
from itertools import product
from math import prod

from cortex_m_plan.step import Field
from cortex_m_plan.ways.way import Clause, Way


def pad(parameters: Mapping[str, Field]) -> tuple[Way, ...]:
    """Runs are filled and copied upward, from the output's start to its end.

    How far a copied element lies ahead of where it lay is linear in each of its indices, so it is
    greatest where each is at an end of what is copied.
    """
    dims = tuple(parameters["input"])
    amounts = list(zip(dims, parameters["pre"], parameters["post"], strict=True))
    target = [size + pre + post for size, pre, post in amounts]
    ends = []
    for size, pre, post in amounts:
        first, last = max(0, -pre), size + min(post, 0) - 1
        if last < first:  # nothing is left of the input
            bytes_read = prod(dims) * parameters["element_bytes"]
            return (Way(clauses={"input": (Clause(-bytes_read),)}),)
        ends.append((first, last))
    pre = parameters["pre"]
    ahead = max(
        _at(tuple(i + p for i, p in zip(index, pre, strict=True)), target) - _at(index, dims)
        for index in product(*ends)
    )
    return (Way(clauses={"input": (Clause(ahead * parameters["element_bytes"]),)}),)


def _at(index: tuple[int, ...], dims: tuple[int, ...]) -> int:
    """Where an element lies in memory, in elements."""
    place = 0
    for size, at in zip(dims, index, strict=True):
        place = place * size + at
    return place
