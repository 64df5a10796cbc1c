# SPDX-License-Identifier: Apache-2.0
"""Holds a linked image against its budgets: a validation action and a test.

python -m cortex_m_budget.check --image LABEL --elf ELF --map MAP [--plan NAME_plan.json ...]
    [--shared GROUP ...] [--stack NAME.stack.json] [--flash BYTES] [--ram BYTES] [--arena BYTES]
    [--stack-budget BYTES] --out FILE [--status FILE]

Writes a table of what takes what; if a budget is exceeded, shows it and fails. A budget of the
stack fails too if the worst case is not known. With --status the exit status goes there, for a
test.
"""

import argparse
import json
import sys
from pathlib import Path

from cortex_m_report import linkmap
from elftools.elf.elffile import ELFFile

from cortex_m_budget import peak, table, usage


def main() -> int:
    """The check; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--image", required=True, help="name to head the table with")
    for name in ("elf", "map"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--status", type=Path)
    parser.add_argument("--plan", type=Path, action="append", default=[])
    parser.add_argument("--shared", action="append", default=[], help="arena each plan shares")
    parser.add_argument("--stack", type=Path)
    for kind in (usage.FLASH, usage.RAM, usage.ARENA):
        parser.add_argument(f"--{kind}", type=int)
    parser.add_argument("--stack-budget", type=int)
    arguments = parser.parse_args()
    if arguments.stack_budget is not None and arguments.stack is None:
        parser.error("--stack-budget needs --stack")

    plans = [json.loads(path.read_text("utf-8")) for path in arguments.plan]
    stack = arguments.stack and json.loads(arguments.stack.read_text("utf-8"))
    pieces = linkmap.read(arguments.map.read_text("utf-8", errors="replace"))
    with arguments.elf.open("rb") as file:
        usages = usage.measure(ELFFile(file), pieces, plans, stack)
    given = {
        usage.FLASH: arguments.flash,
        usage.RAM: arguments.ram,
        usage.ARENA: arguments.arena,
        usage.STACK: arguments.stack_budget,
    }
    budgets = {kind: budget for kind, budget in given.items() if budget is not None}
    notes = []
    if any(
        kind in budgets and table.excess(usages[kind], budgets[kind])
        for kind in (usage.RAM, usage.ARENA)
    ):
        for plan in plans:
            notes += peak.describe(plan)
        notes += [
            "what would help:",
            *(f"  {text}" for text in peak.advice(plans, arguments.shared or [""] * len(plans))),
        ]
    text = table.as_text(arguments.image, usages, budgets, notes if plans else [])
    arguments.out.write_text(text, "utf-8")
    status = 0 if all(table.holds(usages[kind], budgets[kind]) for kind in budgets) else 1
    if arguments.status:
        arguments.status.write_text(f"{status}\n", "utf-8")
        return 0
    if status:
        print(text, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
