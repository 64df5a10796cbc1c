# SPDX-License-Identifier: Apache-2.0
"""From a step of a general kernel to the step of the kernel that is chosen for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cortex_m_plan.choice.asked import (
    ADD,
    AVERAGE,
    CONVOLUTION,
    DEPTHWISE,
    LINEAR,
    MUL,
    Asked,
)
from cortex_m_plan.choice.candidate import Candidate
from cortex_m_plan.choice.convolution import CONVOLUTIONS, DEPTHWISE_CONVOLUTIONS
from cortex_m_plan.choice.linear import LINEARS
from cortex_m_plan.choice.pairwise import ADDS, MULS
from cortex_m_plan.choice.pool import AVERAGES
from cortex_m_plan.program import Constants, Tensor
from cortex_m_plan.step import Pointer, Scratch, Step, Table
from cortex_m_plan.ways import Way, ways

CANDIDATES: Mapping[str, tuple[Candidate, ...]] = {
    CONVOLUTION: CONVOLUTIONS,
    DEPTHWISE: DEPTHWISE_CONVOLUTIONS,
    LINEAR: LINEARS,
    ADD: ADDS,
    MUL: MULS,
    AVERAGE: AVERAGES,
}
"""By general kernel, what may be chosen in its place, best first."""


@dataclass(frozen=True)
class Choice:
    """What is chosen: a candidate, or None for the general kernel.

    `rejected` are the kernels before it in the list, each with the reason.
    """

    candidate: Candidate | None
    rejected: tuple[tuple[str, str], ...]


def choose(asked: Asked) -> Choice:
    """The first kernel of the list that can do what is asked."""
    rejected = []
    for candidate in CANDIDATES.get(asked.kernel, ()):
        why = candidate.objection(asked)
        if not why:
            return Choice(candidate, tuple(rejected))
        rejected.append((candidate.kernel, why))
    return Choice(None, tuple(rejected))


def chosen(step: Step, isa: str, constants: Constants) -> Step:
    """The step with its kernel chosen for an instruction set.

    Args:
        step: of a general kernel.
        constants: the program's.
    """
    if step.kernel not in CANDIDATES:
        return _walking(step, ways(isa, step.kernel, step.parameters))
    pointers = {item.role: item for item in step.arguments if isinstance(item, Pointer)}
    asked = Asked(
        isa,
        step.kernel,
        step.parameters,
        {
            role: constants.integers(pointer.tensor)
            for role, pointer in pointers.items()
            if isinstance(pointer.tensor, Tensor) and pointer.tensor.constant is not None
        },
        sum(scratch.tensor.bytes for scratch in step.scratches),
    )
    choice = choose(asked)
    if choice.candidate is None:
        general = replace(step, rejected=choice.rejected)
        return _walking(general, ways(isa, step.kernel, step.parameters))
    return _step(step, asked, choice, pointers)


def _walking(step: Step, found: Sequence[Way]) -> Step:
    """The step with its ways. The first that gets along with the planned scratch is taken."""
    planned = sum(scratch.tensor.bytes for scratch in step.scratches)
    taken = next((way for way in found if way.scratch <= planned), found[-1])
    return replace(step, ways=tuple(found), way=taken)


def _step(step: Step, asked: Asked, choice: Choice, pointers: Mapping[str, Pointer]) -> Step:
    kernel = choice.candidate
    given = dict(pointers)
    for role, make in kernel.tables.items():
        given[role] = _serving(role, make(asked, kernel.kernel), asked, pointers)
    need = kernel.scratch(asked) if kernel.scratch is not None else "0"
    made = replace(
        step,
        kernel=kernel.kernel,
        arguments=tuple(given.get(role, role) for role in kernel.arguments),
        parameters=kernel.parameters_of(asked),
        scratches=tuple(Scratch(scratch.tensor, need) for scratch in step.scratches),
        struct=kernel.struct or f"{asked.kernel}_params",
        rejected=choice.rejected,
    )
    return _walking(made, kernel.ways(asked))


def _serving(role: str, table: Table, asked: Asked, pointers: Mapping[str, Pointer]) -> Pointer:
    """Points at the constant of the program that holds the same, or else at the table."""
    for own, elements in asked.constants.items():
        if elements.itemsize == table.dtype.size and elements.tobytes() == table.data:
            return replace(pointers[own], role=role)
    return Pointer(role, table)
