# SPDX-License-Identifier: Apache-2.0
"""The files a plan becomes. Each module makes the text of one of them."""

from cortex_m_plan.arena.check import check
from cortex_m_plan.emit import assembly, header, listing, source
from cortex_m_plan.plan import Plan


def files(plan: Plan, program_file: str) -> dict[str, str | bytes]:
    """The contents by file name; `program_file` is what the assembly includes as the .pte.

    Raises PlanError if the plan of the arena is not safe.
    """
    overlaps = check(plan.program.path, plan.report.isa, plan.steps, plan.memory, plan.arena.banks)
    return {
        f"{plan.name}.h": header.text(plan),
        f"{plan.name}_plan.c": source.text(plan),
        f"{plan.name}_program.S": assembly.text(plan, program_file),
        f"{plan.name}_tables.bin": plan.flash.tables_data(),
        f"{plan.name}_plan.json": listing.text(plan, overlaps),
    }
