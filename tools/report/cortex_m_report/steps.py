# SPDX-License-Identifier: Apache-2.0
"""A model's steps as rows: what runs, with which kernel, and what it costs.

{"moment", "symbol", "operator", "node", "module", "source", "shape", "kernel", "tile", "macs",
 "scratch", "program_scratch", "kernel_bytes", "table_bytes", "fused", "overlaps", "vanished",
 "instructions", "share", "cycles"}

`program_scratch` is what CMSIS-NN plans; `kernel_bytes` is the flash of the kernel's own function,
which steps share; the last three are null until a profile is joined; `share` is of 1.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from cortex_m_report.arena import short

_MEASURED = ("instructions", "cycles")


def rows(plan: dict[str, Any], flash: Mapping[str, int]) -> list[dict[str, Any]]:
    """The rows, in the order of execution.

    Args:
        flash: bytes in flash by symbol.
    """
    return [_row(plan, step, flash) for step in plan["steps"]]


def _row(plan: dict[str, Any], step: dict[str, Any], flash: Mapping[str, int]) -> dict[str, Any]:
    place = (step["index"], step["part"])
    tables = [
        table["bytes"]
        for table in plan["constants"]["tables"]
        if place in {(one["index"], one["part"]) for one in table["steps"]}
    ]
    names = [one["name"] for one in plan["memory"]]
    return {
        "moment": step["moment"],
        "symbol": step["symbol"],
        "operator": short(step["operator"]),
        "node": step["node"],
        "module": step["module"],
        "source": step["source"],
        "shape": step["summary"],
        "kernel": step["kernel"],
        "tile": step["tile"],
        "macs": step["macs"],
        "scratch": sum(one["bytes"] for one in step["scratch"]),
        "program_scratch": sum(one["program_bytes"] for one in step["scratch"]),
        "kernel_bytes": flash.get(step["kernel"] or ""),
        "table_bytes": sum(tables),
        "fused": step["fused"],
        "overlaps": [
            f"writes over its {one['role']}, {names[one['input']]}"
            for one in plan["arena"]["overlaps"]
            if (one["index"], one["part"]) == place
        ],
        "vanished": step["vanished"],
        "instructions": None,
        "share": None,
        "cycles": None,
    }


def add_profile(table: Sequence[dict[str, Any]], measured: dict[str, Any]) -> None:
    """Joins the figures of a model's profile to its rows."""
    by_symbol = {step["symbol"]: step for step in measured["steps"] if "symbol" in step}
    whole = measured["instructions"]
    for row in table:
        found = by_symbol.get(row["symbol"])
        if found is not None:
            row |= {name: found[name] for name in _MEASURED}
            row["share"] = round(found["instructions"] / whole, 6) if whole else 0
