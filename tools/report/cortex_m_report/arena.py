# SPDX-License-Identifier: Apache-2.0
"""A model's arena over time: rectangles of moments and bytes, and where two share bytes."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

BEFORE = -1


def boxes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """What lives in the arena, in the plan's order.

    {"index", "name", "kind", "dtype", "shape", "bytes", "bank", "offset", "first", "last", "peak"};
    moments as in the plan: -1 the inputs' and the number of steps the outputs'. `peak` says whether
    it is one of those that make the arena as large as it is.
    """
    peak = set(plan["arena"]["peak"]["buffers"])
    return [
        {
            "index": index,
            "name": one["name"],
            "kind": one["kind"],
            "dtype": one["dtype"],
            "shape": one["shape"],
            "bytes": one["bytes"],
            "bank": one["bank"],
            "offset": one["offset"],
            "first": one["first"],
            "last": one["last"],
            "peak": index in peak,
        }
        for index, one in enumerate(plan["memory"])
    ]


def shared(plan: dict[str, Any], rectangles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Where two rectangles lie over each other.

    {"input", "output": indices of rectangles, "bank", "offset", "bytes", "first", "last", "why"}
    """
    permitted = {(one["input"], one["output"]): one for one in plan["arena"]["overlaps"]}
    return [
        {
            "input": one["index"],
            "output": other["index"],
            "bank": one["bank"],
            "offset": max(one["offset"], other["offset"]),
            "bytes": _shared_bytes(one, other),
            "first": max(one["first"], other["first"]),
            "last": min(one["last"], other["last"]),
            "why": _why(permitted.get((one["index"], other["index"]))),
        }
        for one, other in _pairs(rectangles)
    ]


def _pairs(rectangles: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Those that share bytes at a moment, the one that is written first in front."""
    for one, other in combinations(rectangles, 2):
        if (
            one["bank"] == other["bank"]
            and max(one["first"], other["first"]) <= min(one["last"], other["last"])
            and _shared_bytes(one, other) > 0
        ):
            yield (one, other) if one["first"] <= other["first"] else (other, one)


def _shared_bytes(one: dict[str, Any], other: dict[str, Any]) -> int:
    end = min(one["offset"] + one["bytes"], other["offset"] + other["bytes"])
    return end - max(one["offset"], other["offset"])


def _why(overlap: dict[str, Any] | None) -> str:
    if overlap is None:
        return "parts of one value"
    return (
        f"the kernel is done with these bytes when it writes them: input starts "
        f"{overlap['delta']:,} bytes behind output, at least {overlap['distance']:,} are safe"
    )


def moments(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """All moments in order: {"moment", "label", "operator"}; the inputs', the steps', the outputs'.

    A moment without a step is that of a view, for which nothing runs.
    """
    operators: dict[int, str] = {}
    for step in plan["steps"]:
        operators.setdefault(step["moment"], short(step["operator"]))
    end = max(
        [one["last"] for one in plan["memory"]] + [moment + 1 for moment in operators], default=0
    )
    return [
        {"moment": BEFORE, "label": "inputs", "operator": ""},
        *(
            {
                "moment": moment,
                "label": f"{moment} {operators.get(moment, 'view')}",
                "operator": operators.get(moment, ""),
            }
            for moment in range(end)
        ),
        {"moment": end, "label": "outputs", "operator": ""},
    ]


def short(operator: str) -> str:
    """An operator's name as people say it: `cortex_m::quantized_conv2d.out` is `conv2d`."""
    return operator.rpartition("::")[2].removesuffix(".out").removeprefix("quantized_")
