# SPDX-License-Identifier: Apache-2.0
"""Where a plan comes from, for the head of the generated files."""

from cortex_m_plan import KERNEL_ABI, PROGRAM_SCHEMA, PROGRAM_VERSION
from cortex_m_plan.plan import Plan


def lines(plan: Plan) -> list[str]:
    """Isa, versions and sizes."""
    versions = {
        name: found
        for name, found in sorted(plan.report.versions.items())
        if name not in ("kernel_abi", "program_schema") and found
    }
    lowered = ", ".join(f"{name} {found}" for name, found in versions.items())
    return [
        f"Lowered for isa {plan.report.isa}" + (f" with {lowered}." if lowered else "."),
        f"Program schema {PROGRAM_SCHEMA} version {PROGRAM_VERSION}, kernel ABI {KERNEL_ABI}.",
        f"Arena {plan.arena.bytes} B, {len(plan.steps)} steps.",
        (
            f"The .pte's own plan of the arena has {plan.arena.program_bytes} B; without overlaps "
            f"{plan.arena.bound_without_overlap} B at least; proved lower bound "
            f"{plan.arena.bound} B ({plan.arena.method})."
        ),
        (
            f"Flash: {plan.flash.constant_bytes} B of the program's {plan.constants.bytes} B of "
            f"constants, {plan.flash.table_bytes} B of tables made of them."
        ),
    ]
