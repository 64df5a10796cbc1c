# SPDX-License-Identifier: Apache-2.0
"""Which part of an image a symbol belongs to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cortex_m_report.linkmap import Piece

WEIGHTS = "weights"
TABLES = "tables"
KERNELS = "kernels"
PLAN = "plan"
RUNTIME = "runtime"
LIBRARIES = "C library"
APPLICATION = "application"
PADDING = "padding"

MEANING = {
    WEIGHTS: "constants of the programs, as they are in the .pte",
    TABLES: "constants in the form the kernels read, made by the plan",
    KERNELS: "the operators' code",
    PLAN: "the calls of the kernels, and their parameters",
    RUNTIME: "start-up, console, counters, fault report",
    LIBRARIES: "the C library and the compiler's own",
    APPLICATION: "everything else that was linked",
    PADDING: "between sections, for alignment",
}
"""The groups in the order they are shown."""

_PACKAGES = (
    (KERNELS, re.compile(r"(?:^|/)kernels/(?:lib\w*kernels\w*\.|_objs/)")),
    (RUNTIME, re.compile(r"(?:^|/)runtime/(?:lib\w+\.|_objs/)")),
    (RUNTIME, re.compile(r"(?:^|/)plan/device/(?:lib\w+\.|_objs/)")),
)
_LIBRARY = re.compile(r"(?:^|/)(?:lib(?:c|m|g|gcc|nosys|semihost)(?:_\w+)?\.a$|crt\w*\.o$)")
_FIRST_NAMED = 3  # steps that a constant's description names


_CONSTANT = "cortex_m_constant_"
_DIGITS = 8


def readable(symbol: str) -> str:
    """A symbol's name; that of a constant, a long hash, cut to what tells it from others."""
    return f"{symbol[: len(_CONSTANT) + _DIGITS]}..." if symbol.startswith(_CONSTANT) else symbol


@dataclass(frozen=True)
class Owner:
    """What a symbol is for: its group, the model it belongs to, and a description."""

    group: str
    model: str = ""
    what: str = ""


def owners(plans: Sequence[dict[str, Any]]) -> dict[str, Owner]:
    """The symbols that plans name. What several models share is described for the first."""
    found: dict[str, Owner] = {}
    for plan in plans:
        name = plan["name"]
        steps = {(step["index"], step["part"]): step for step in plan["steps"]}
        found.setdefault(f"{name}_program", Owner(WEIGHTS, name, "the whole .pte"))
        for piece in plan["constants"].get("pieces", ()):
            found.setdefault(piece["symbol"], Owner(WEIGHTS, name, "constants of the .pte"))
        for table in plan["constants"]["tables"]:
            readers = [steps.get((one["index"], one["part"])) for one in table["steps"]]
            names = [step["node"] for step in readers if step is not None]
            more = ", ..." if len(names) > _FIRST_NAMED else ""
            what = f"{table['what']}: {', '.join(names[:_FIRST_NAMED])}{more}"
            if "symbol" in table:
                found.setdefault(table["symbol"], Owner(TABLES, name, what))
        for step in plan["steps"]:
            if step.get("symbol"):
                found.setdefault(step["symbol"], Owner(PLAN, name, step["node"]))
        found.setdefault(f"{name}_run", Owner(PLAN, name, "calls the steps"))
        found.update({kernel: Owner(KERNELS) for kernel in plan["kernels"]})
    return found


def of(symbol: str, piece: Piece | None, known: dict[str, Owner], models: Sequence[str]) -> Owner:
    """The owner of a symbol, by the plans' names or else by the object it comes from."""
    if symbol in known:
        return known[symbol]
    if piece is None:
        return Owner(PADDING)
    for model in models:
        if piece.member.startswith(f"{model}_plan."):
            return Owner(PLAN, model)
    for group, path in _PACKAGES:
        if path.search(piece.file):
            return Owner(group)
    return Owner(LIBRARIES if _LIBRARY.search(piece.file) else APPLICATION)
