# SPDX-License-Identifier: Apache-2.0
"""A kernel that computes what a general one does, faster, if conditions hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from cortex_m_plan.choice.asked import Asked
from cortex_m_plan.step import Field, Table


class Need(NamedTuple):
    """Scratch a kernel needs: how many bytes, and the C expression that says so."""

    bytes: int
    expression: str


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
        scratch: what it needs of the scratch planned for the general kernel; None if it takes
            none.
        tile: by instruction set, what the kernel computes at once.
    """

    kernel: str
    arguments: tuple[str, ...]
    conditions: tuple[Condition, ...]
    further: Mapping[str, tuple[Condition, ...]] = field(default_factory=dict)
    tables: Mapping[str, Callable[[Asked, str], Table]] = field(default_factory=dict)
    struct: str = ""
    parameters: Callable[[Asked], Mapping[str, Field]] | None = None
    scratch: Callable[[Asked], Need] | None = None
    tile: Mapping[str, str] = field(default_factory=dict)

    def objection(self, asked: Asked) -> str:
        """The first reason why the kernel cannot do what is asked; empty if it can."""
        conditions = (*self.conditions, self._scratch_suffices, *self.further.get(asked.isa, ()))
        return next(filter(None, (condition(asked) for condition in conditions)), "")

    def _scratch_suffices(self, asked: Asked) -> str:
        need = self.scratch(asked).bytes if self.scratch is not None else 0
        if need <= asked.scratch:
            return ""
        return f"it works on {need} B of scratch, {asked.scratch} B are planned"
