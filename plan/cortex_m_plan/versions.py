# SPDX-License-Identifier: Apache-2.0
"""Versions that travel with a program, beside those of this build: the rules.

A stored .pte outlives the tools that made it. What may differ, and what happens:

    format, program_schema, kernel_abi   refused: the plan would not mean what the program says
    cmsis_nn_binding                     warning: the scratch sizes came from another CMSIS-NN;
                                         the compiler refuses each that is below the kernel's need
    executorch, torch, torchao           note
    one of these is not recorded         as if it differed
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cortex_m_plan import KERNEL_ABI, PROGRAM_SCHEMA, PROGRAM_VERSION
from cortex_m_plan.build import Build
from cortex_m_plan.errors import PlanError
from cortex_m_plan.report import Report

NOTE = "note"
WARNING = "warning"

SCHEMA = f"{PROGRAM_SCHEMA} version {PROGRAM_VERSION}"

_MUST_EQUAL = {"kernel_abi": KERNEL_ABI, "program_schema": SCHEMA}


@dataclass(frozen=True)
class Finding:
    """A version of the program that is not this build's. `severity` is NOTE or WARNING."""

    part: str
    program: Any
    tool: str
    severity: str
    text: str


def of_tool(build: Build) -> dict[str, Any]:
    """The versions of this build, under the names they have in a report."""
    return {**build.versions, **_MUST_EQUAL}


def compare(side: Report, build: Build) -> tuple[Finding, ...]:
    """What differs and may; raises PlanError for what may not."""
    for part, expected in _MUST_EQUAL.items():
        found = side.versions.get(part)
        if found != expected:
            raise PlanError(
                f"{side.path}: {part} is {found}, this plan compiler is for {expected}",
                fix="use cortex_m_lowering and cortex_m_plan of one release of rules_cortex_m",
            )
    return tuple(_differences(side, build))


def _differences(side: Report, build: Build) -> Iterator[Finding]:
    for part, tool in sorted(build.versions.items()):
        program = side.versions.get(part)
        if program == tool:
            continue
        what = f"the program was made with {part} {program or 'of an unknown version'}"
        if part == "cmsis_nn_binding":
            yield Finding(
                part,
                program,
                tool,
                WARNING,
                f"{what}, this build has {tool}: its {len(side.scratch)} scratch buffers have the "
                "sizes of that CMSIS-NN. Compiling the plan fails if one is below what the kernel "
                "needs; lower the model again to have this build's sizes",
            )
        else:
            yield Finding(part, program, tool, NOTE, f"{what}, this build has {tool}")
