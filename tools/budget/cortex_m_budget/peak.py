# SPDX-License-Identifier: Apache-2.0
"""What an arena's bytes are for at its worst moment, and what would make it smaller."""

from collections.abc import Sequence
from typing import Any

_SHOWN = 8


def _buffers(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """The buffers of the peak, largest first."""
    memory = plan["memory"]
    found = [memory[index] for index in plan["arena"]["peak"]["buffers"]]
    return sorted(found, key=lambda one: (-one["bytes"], one["offset"]))


def _shape(buffer: dict[str, Any]) -> str:
    return f"{buffer['dtype']} {'x'.join(map(str, buffer['shape'])) or 'scalar'}"


def describe(plan: dict[str, Any]) -> list[str]:
    """Lines that name the tensors and scratch of the peak."""
    arena = plan["arena"]
    moment = arena["peak"]["moment"]
    steps = [step for step in plan["steps"] if step.get("moment") == moment]
    during = f", during {steps[0]['node']}" if steps else ""
    proof = "no plan is smaller" if arena["proved"] else f"no plan is below {arena['bound']}"
    lines = [f"{plan['name']}: arena of {arena['bytes']} bytes ({proof}); at its peak{during}:"]
    buffers = _buffers(plan)
    lines += [
        f"  {one['bytes']:>10}  {one['name']} ({one['kind']}, {_shape(one)})"
        for one in buffers[:_SHOWN]
    ]
    if len(buffers) > _SHOWN:
        rest = buffers[_SHOWN:]
        lines.append(f"  {sum(one['bytes'] for one in rest):>10}  {len(rest)} more")
    if sum(one["bytes"] for one in buffers) > arena["bytes"]:
        lines.append("  some of them overlap: kernels write over what they have read")
    return lines


def advice(plans: Sequence[dict[str, Any]], shared: Sequence[str]) -> list[str]:
    """What would make arenas smaller, as sentences.

    Args:
        plans: NAME_plan.json of the models.
        shared: the arena group of each model, empty for one of its own.
    """
    found = []
    for plan in plans:
        peak = _buffers(plan)
        boundary = {one["id"] for one in (*plan["inputs"], *plan["outputs"])}
        floats = [b for b in peak if b["dtype"] == "float32"]
        if any(one["dtype"] == "float32" for one in (*plan["inputs"], *plan["outputs"])):
            saved = sum(b["bytes"] * 3 // 4 for b in floats)
            here = f": {saved} of the bytes at the peak" if saved else ", though not at the peak"
            found.append(f'{plan["name"]}: cortex_m_model(io = "int8") removes float32{here}')
        if peak and (peak[0]["id"] in boundary or peak[0]["kind"] == "input"):
            found.append(f"{plan['name']}: a smaller input; it is the largest tensor of the peak")
        elif len(peak) > 1:
            where = peak[0]["name"]
            found.append(
                f"{plan['name']}: a smaller input, or fewer channels where {where} is made"
            )
    if sum(1 for group in shared if not group) > 1:
        found.append(
            "models that never run at the same time may share an arena: "
            'cortex_m_library(arena = "NAME")'
        )
    return found
