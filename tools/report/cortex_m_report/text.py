# SPDX-License-Identifier: Apache-2.0
"""The report in the terminal: at most LINES lines."""

from typing import Any

LINES = 25
_WIDEST = 72
_PEAK = 4  # tensors of a peak that are named
_SLOWEST = 3
_GROUPS = 7


def summary(report: dict[str, Any]) -> str:
    """Totals, and of each model its arena and what makes its peak."""
    lines = [
        f"{report['image']}: {report['core']} ({report['isa']}) on {report['board']}",
        "",
        *_totals(report),
    ]
    models = report["models"]
    room = LINES - len(lines)
    shown = [["", *_model(model)] for model in models]
    if sum(map(len, shown)) > room:
        shown = [["", *_model(model)[:2]] for model in models]
    if sum(map(len, shown)) > room:
        shown = [["", *(line for model in models for line in _model(model)[:1])]]
    lines += [line for model in shown for line in model]
    if len(lines) > LINES:
        left = len(lines) - LINES + 1
        lines = [*lines[: LINES - 1], f"and {left} more"]
    return "\n".join(lines) + "\n"


def _totals(report: dict[str, Any]) -> list[str]:
    flash, ram, stack = report["flash"], report["ram"], report["stack"]
    worst = stack["worst_case"]
    needed = "" if worst is None else f" (worst case {worst:,})"
    groups = [f"{one['name']} {one['bytes']:,}" for one in flash["groups"]]
    return [
        f"flash {_of(flash)}",
        *_wrapped(groups[:_GROUPS]),
        f"RAM   {_of(ram)}",
        f"      arena {ram['arena']:,}, stack {ram['stack']:,}{needed}, static {ram['static']:,}",
    ]


def _of(part: dict[str, Any]) -> str:
    capacity = part["capacity"]
    share = f" of {capacity:,} bytes, {100 * part['bytes'] / capacity:.1f} %" if capacity else ""
    return f"{part['bytes']:>11,}{share or ' bytes'}"


def _wrapped(words: list[str]) -> list[str]:
    lines = [""]
    for word in words:
        longer = f"{lines[-1]}, {word}" if lines[-1] else word
        if len(longer) > _WIDEST:
            lines.append(word)
        else:
            lines[-1] = longer
    return ["      " + line for line in lines]


def _model(model: dict[str, Any]) -> list[str]:
    arena = model["arena"]
    bound = "" if arena["bound"] is None else f"; no plan needs less than {arena['bound']:,}"
    if arena["proved"] and arena["bound"] == arena["bytes"]:
        bound = "; proved least"
    lines = [
        f"{model['name']}: arena {arena['bytes']:,} bytes{bound}",
        f"  the .pte's own plan {arena['program_bytes']:,}, "
        f"without overlap at least {arena['bound_without_overlap']:,}",
    ]
    lines += _peak(model)
    if model["instructions"] is not None:
        lines += _instructions(model)
    return lines


def _peak(model: dict[str, Any]) -> list[str]:
    labels = {one["moment"]: one["label"] for one in model["moments"]}
    moment = model["arena"]["peak"]["moment"]
    boxes = [box for box in model["boxes"] if box["peak"]]
    boxes.sort(key=lambda box: (-box["bytes"], box["index"]))
    more = len(boxes) - _PEAK
    return [
        f"  peak at step {labels.get(moment, moment)}:",
        *(f"  {box['bytes']:>11,}  {box['name']}" for box in boxes[:_PEAK]),
        *([f"               and {more} smaller"] if more > 0 else []),
    ]


def _instructions(model: dict[str, Any]) -> list[str]:
    steps = [step for step in model["steps"] if step["instructions"] is not None]
    steps.sort(key=lambda step: -step["instructions"])
    slowest = ", ".join(
        f"{step['moment']} {step['operator']} {100 * step['share']:.0f} %"
        for step in steps[:_SLOWEST]
    )
    return [f"  {round(model['instructions']):,} instructions per inference: {slowest}"]
