# SPDX-License-Identifier: Apache-2.0
"""NAME.report.json: everything the page shows, for scripts.

{"format": 1, "image", "core", "isa", "board",
 "regions": [{"name", "origin", "bytes", "used"}],
 "flash": {"bytes", "capacity",
           "groups": [{"name", "meaning", "bytes"}],          largest first
           "symbols": [{"name", "group", "model", "what", "object", "section", "address",
                        "bytes"}]},                             largest first
 "ram": {"bytes", "arena", "static", "stack", "capacity",     bytes = arena + static + stack
         "symbols": [as in flash; group "arena", "stack" or "static"]},
 "stack": {"reserved", "worst_case", "path", "exceptions", "unknown", "models"},
                                  as in NAME.stack.json; worst_case is null where it is not known
 "models": [{"name", "macs", "weights", "tables",
             "arena": as in the plan, "moments", "boxes", "shared": see arena.py,
             "steps": see steps.py, "instructions": null or per inference, "runs"}],
 "cycle_model": null or {"name", "source", "leaves_out"}}

All sizes in bytes. What starts with `instructions` is null until a profile has been joined.
"""

from collections.abc import Sequence
from typing import Any

from cortex_m_report import arena, groups, steps
from cortex_m_report.contents import Item
from cortex_m_report.errors import ReportError

FORMAT = 1
_PLAN_FORMAT = 4
_FLASH = "FLASH"
_STACK = {"worst_case": None, "path": [], "exceptions": [], "unknown": [], "models": []}


def make(
    head: dict[str, str],
    size: dict[str, Any],
    items: Sequence[Item],
    plans: Sequence[dict[str, Any]],
    stack: dict[str, Any] | None,
) -> dict[str, Any]:
    """The report of an image, without instructions.

    Args:
        head: `image`, `core`, `isa` and `board`.
        size: the size report.
        items: the image's contents.
        plans: of its models, format 4.
        stack: what is known of the stack, or None.

    Raises ReportError for a plan of another format.
    """
    for plan in plans:
        if plan.get("format") != _PLAN_FORMAT:
            raise ReportError(
                f"{plan.get('name')}: a plan of format {plan.get('format')}, and the report reads "
                f"{_PLAN_FORMAT}: build the model again"
            )
    flash = [item for item in items if item.loaded]
    return {
        "format": FORMAT,
        **head,
        "regions": size["regions"],
        "flash": {
            "bytes": sum(item.bytes for item in flash),
            "capacity": sum(one["bytes"] for one in size["regions"] if one["name"] == _FLASH),
            "groups": _groups(flash),
            "symbols": _symbols(flash),
        },
        "ram": _ram(size, [item for item in items if _in_ram(item, size)]),
        "stack": _stack(items, stack),
        "models": [_model(plan, items) for plan in plans],
        "cycle_model": None,
    }


def _groups(items: Sequence[Item]) -> list[dict[str, Any]]:
    found = []
    for name, meaning in groups.MEANING.items():
        total = sum(item.bytes for item in items if item.owner.group == name)
        if total:
            found.append({"name": name, "meaning": meaning, "bytes": total})
    return sorted(found, key=lambda group: -group["bytes"])


def _symbols(items: Sequence[Item], group: str = "") -> list[dict[str, Any]]:
    """Largest first; padding is one entry a section."""
    found: dict[tuple[str, str, int], dict[str, Any]] = {}
    for item in items:
        padding = item.owner.group == groups.PADDING
        key = (item.section, item.name, 0 if padding else item.address)
        if padding and key in found:
            found[key]["bytes"] += item.bytes
            continue
        found[key] = {
            "name": item.name,
            "group": group or item.owner.group,
            "model": item.owner.model,
            "what": item.owner.what,
            "object": item.object,
            "section": item.section,
            "address": item.address,
            "bytes": item.bytes,
        }
    return sorted(found.values(), key=lambda one: (-one["bytes"], one["address"]))


def _in_ram(item: Item, size: dict[str, Any]) -> bool:
    return any(
        one["name"] != _FLASH and one["origin"] <= item.address < one["origin"] + one["bytes"]
        for one in size["regions"]
    )


def _ram(size: dict[str, Any], items: Sequence[Item]) -> dict[str, Any]:
    parts: dict[str, list[Item]] = {"arena": [], "stack": [], "static": []}
    for item in items:
        name = item.section.split(".")[1] if item.section.startswith(".") else item.section
        kind = "arena" if name.startswith("arena") else name
        parts[kind if kind in parts else "static"].append(item)
    totals = {kind: sum(item.bytes for item in found) for kind, found in parts.items()}
    return {
        "bytes": sum(totals.values()),
        **totals,
        "capacity": sum(one["bytes"] for one in size["regions"] if one["name"] != _FLASH),
        "symbols": [one for kind, found in parts.items() for one in _symbols(found, kind)],
    }


def _stack(items: Sequence[Item], stack: dict[str, Any] | None) -> dict[str, Any]:
    reserved = sum(item.bytes for item in items if item.section == ".stack")
    known = stack or {}
    return {"reserved": reserved} | {name: known.get(name, empty) for name, empty in _STACK.items()}


def _model(plan: dict[str, Any], items: Sequence[Item]) -> dict[str, Any]:
    rectangles = arena.boxes(plan)
    rows = steps.rows(plan, {item.name: item.bytes for item in items if item.loaded})
    return {
        "name": plan["name"],
        "macs": sum(row["macs"] or 0 for row in rows),
        "weights": plan["constants"]["live_bytes"],
        "tables": plan["constants"]["table_bytes"],
        "arena": plan["arena"],
        "moments": arena.moments(plan),
        "boxes": rectangles,
        "shared": arena.shared(plan, rectangles),
        "steps": rows,
        "instructions": None,
        "runs": None,
    }


def add_profile(report: dict[str, Any], profile: dict[str, Any]) -> None:
    """Joins what an inference executed, step by step.

    Raises ReportError for a profile of another image.
    """
    if profile["image"] != report["image"]:
        raise ReportError(f"the profile is of {profile['image']}, the report of {report['image']}")
    report["cycle_model"] = profile["cycle_model"]
    measured = {model["name"]: model for model in profile["models"]}
    for model in report["models"]:
        found = measured.get(model["name"])
        if found is not None:
            model["instructions"], model["runs"] = found["instructions"], found["runs"]
            steps.add_profile(model["steps"], found)
