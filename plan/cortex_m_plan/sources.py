# SPDX-License-Identifier: Apache-2.0
"""Whose results each call reads: what must not change when calls are moved or fused."""

from collections.abc import Sequence
from typing import NamedTuple

from cortex_m_plan.memory import BEFORE, Memory


class Source(NamedTuple):
    """A result: of which instruction, and which of its results. Inputs are results of BEFORE."""

    instruction: int
    result: int


def sources(planned: Memory, instructions: Sequence[int]) -> dict[int, list[Source]]:
    """Of each instruction, what it reads, in the order of its arguments.

    What the application reads in the end stands under the number of instructions.

    Args:
        instructions: the number of the instruction at each moment.
    """
    source = {id(value): Source(BEFORE, at) for at, value in enumerate(planned.inputs)}
    for number, access in zip(instructions, planned.accesses, strict=True):
        source |= {id(value): Source(number, at) for at, value in enumerate(access.writes)}
    read = {
        number: [source[id(value)] for value in access.reads]
        for number, access in zip(instructions, planned.accesses, strict=True)
    }
    return {**read, len(instructions): [source[id(value)] for value in planned.outputs]}
