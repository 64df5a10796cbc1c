# SPDX-License-Identifier: Apache-2.0
"""Tells, before an image is linked, that arenas and stack do not fit the board's memories.

python -m cortex_m_budget.fit --image LABEL --board NAME --region NAME:ORIGIN:LENGTH ...
    --arena-region NAME --stack-bytes BYTES [--plan NAME_plan.json ...] [--shared GROUP ...]
    --out FILE

The linker would say by how many bytes a region overflows; this names the tensors, and what would
help. `--shared` has one value for each plan: the arena it shares, or nothing.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cortex_m_budget import peak

_STACK_REGION = "RAM"


def arenas(
    plans: Sequence[dict[str, Any]], shared: Sequence[str], default: str
) -> list[tuple[str, str, int]]:
    """(region, names of models, bytes) of every arena; models of a group share the largest."""
    sizes: dict[tuple[str, str, str], tuple[list[str], int]] = {}
    for plan, group in zip(plans, shared, strict=True):
        for bank in plan["arena"]["banks"]:
            region = bank["region"] or default
            key = (region, group, "" if group else plan["name"])
            names, size = sizes.get(key, ([], 0))
            sizes[key] = ([*names, plan["name"]], max(size, bank["bytes"]))
    return [(region, " and ".join(names), size) for (region, *_), (names, size) in sizes.items()]


def check(
    board: str,
    regions: Mapping[str, int],
    default: str,
    stack: int,
    plans: Sequence[dict[str, Any]],
    shared: Sequence[str],
) -> tuple[list[str], list[str]]:
    """What lies in the regions, and what is wrong with that: nothing if all of it fits.

    Args:
        board: its name.
        regions: bytes by name.
        default: the region of arenas that are in no bank.
        stack: bytes reserved for it, in RAM.
        plans: NAME_plan.json of the models.
        shared: the arena group of each, empty for one of its own.
    """
    placed = [(_STACK_REGION, "stack", stack)]
    placed += [
        (region, f"arena of {names}", size)
        for region, names, size in arenas(plans, shared, default)
    ]
    report, problems = [], []
    for region, length in regions.items():
        here = [(what, size) for name, what, size in placed if name == region]
        used = sum(size for _, size in here)
        report.append(f"{region}: {used} of {length} bytes before data")
        report += [f"  {size:>10}  {what}" for what, size in here]
        if used > length:
            problems.append(
                f"{region} of board {board} has {length} bytes; the arenas and the stack in it "
                f"take {used}, {used - length} too many"
            )
    if not problems:
        return report, []
    for plan in plans:
        report += ["", *peak.describe(plan)]
    report += ["", "what would help:"]
    report += [f"  {text}" for text in peak.advice(plans, shared)]
    report += [f"  {text}" for text in _boards_advice(regions, default, plans, shared)]
    report.append(f"  a smaller stack_bytes ({stack}): <name>.stack.txt tells the stack at worst")
    return report, problems


def _boards_advice(
    regions: Mapping[str, int],
    default: str,
    plans: Sequence[dict[str, Any]],
    shared: Sequence[str],
) -> list[str]:
    """What another layout of the same board, or another board, would do."""
    needed = sum(size for region, _, size in arenas(plans, shared, default) if region == default)
    others = {name: length for name, length in regions.items() if name not in ("FLASH", default)}
    found = [
        f'{name} of the same board has {length} bytes: cortex_m_board(arena_region = "{name}")'
        for name, length in others.items()
        if length >= needed
    ]
    if not found and others and sum(others.values()) + regions[default] >= needed:
        banks = ", ".join(f'"{name}": ""' for name in (default, *others))
        found.append(
            f"several memories for one arena: cortex_m_board(arena_banks = {{{banks}}}) and "
            f"cortex_m_library(board = ...)"
        )
    found.append(f"another board: {needed} bytes are needed for arenas alone")
    return found


def _region(text: str) -> tuple[str, int]:
    name, _, length = text.split(":")
    return name, int(length, 0)


def main() -> int:
    """The check; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("image", "board", "arena-region"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--region", type=_region, action="append", required=True)
    parser.add_argument("--stack-bytes", type=int, required=True)
    parser.add_argument("--plan", type=Path, action="append", default=[])
    parser.add_argument("--shared", action="append", default=[])
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    plans = [json.loads(path.read_text("utf-8")) for path in arguments.plan]
    report, problems = check(
        arguments.board,
        dict(arguments.region),
        arguments.arena_region,
        arguments.stack_bytes,
        plans,
        arguments.shared or [""] * len(plans),
    )
    text = "\n".join([arguments.image, "", *report]) + "\n"
    arguments.out.write_text(text, "utf-8")
    if not problems:
        return 0
    lines = [f"{arguments.image}: {problem}" for problem in problems]
    print("\n".join([*lines, "", *report]), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
