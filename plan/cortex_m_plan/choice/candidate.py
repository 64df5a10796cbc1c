# SPDX-License-Identifier: Apache-2.0
"""A kernel that computes what a general one does, faster, if conditions hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cortex_m_plan.choice.asked import Asked
from cortex_m_plan.step import Field, Table
from cortex_m_plan.ways import Way, ways

Condition = Callable[[Asked], str]
"""Why a kernel cannot do what is asked, in a few words; empty if nothing speaks against it."""


@dataclass(frozen=True)
class Candidate:
    """A kernel that may be chosen.

    Attributes:
        kernel: the C function.
        arguments: roles in the order of its parameters: those of the general kernel, and tables.
        conditions: what it requires, in the order in which it is asked.
        further: what it requires on one instruction set beside that.
        tables: by role, what makes the constant that the kernel reads there, of what is asked and
            the kernel's name.
        struct: the C type of its parameters; empty for the general kernel's.
        parameters: makes its parameters, if they are not the general kernel's.
        scratch: makes the C expression for the scratch it needs, in which `{tile}` stands for the
            number of its way; None if it takes none.
    """

    kernel: str
    arguments: tuple[str, ...]
    conditions: tuple[Condition, ...]
    further: Mapping[str, tuple[Condition, ...]] = field(default_factory=dict)
    tables: Mapping[str, Callable[[Asked, str], Table]] = field(default_factory=dict)
    struct: str = ""
    parameters: Callable[[Asked], Mapping[str, Field]] | None = None
    scratch: Callable[[Asked], str] | None = None

    def objection(self, asked: Asked) -> str:
        """The first reason why the kernel cannot do what is asked; empty if it can."""
        conditions = (*self.conditions, *self.further.get(asked.isa, ()), self._scratch_suffices)
        return next(filter(None, (condition(asked) for condition in conditions)), "")

    def parameters_of(self, asked: Asked) -> Mapping[str, Field]:
        """The kernel's parameters for what is asked."""
        return self.parameters(asked) if self.parameters else asked.parameters

    def ways(self, asked: Asked) -> tuple[Way, ...]:
        """The ways in which the kernel can do what is asked, which it can; fastest first."""
        return ways(asked.isa, self.kernel, self.parameters_of(asked))

    def _scratch_suffices(self, asked: Asked) -> str:
        need = min(way.scratch for way in self.ways(asked))
        if need <= asked.scratch:
            return ""
        return f"it works on {need} B of scratch, {asked.scratch} B are planned"
