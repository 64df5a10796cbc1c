# SPDX-License-Identifier: Apache-2.0
"""The page's tables: cells as people read them, with what they are sorted by."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from cortex_m_report import groups, pictures


class Column(NamedTuple):
    """A column: its heading, and whether it holds numbers."""

    title: str
    number: bool = False


class Cell(NamedTuple):
    """What is shown, and what sorts it; `order` is None where the text does."""

    text: str
    order: float | None = None


class Table(NamedTuple):
    """A table with its caption. `name` is unique on the page."""

    name: str
    caption: str
    columns: list[Column]
    rows: list[list[Cell]]


def steps(model: dict[str, Any]) -> Table:
    """What runs, in which order, and what it costs."""
    measured = model["instructions"] is not None
    columns = [
        Column("step", True),
        Column("operator"),
        Column("module"),
        Column("shape"),
        Column("kernel"),
        Column("at once"),
        Column("MACs", True),
        Column("scratch", True),
        Column("CMSIS-NN's scratch", True),
        *([Column("instructions", True), Column("share", True)] if measured else []),
        Column("kernel in flash", True),
        Column("tables in flash", True),
        Column("remarks"),
    ]
    rows = []
    for step in model["steps"]:
        shared = step["share"]
        profile = [_count(step["instructions"]), _share(shared)] if measured else []
        rows.append(
            [
                _count(step["moment"]),
                Cell(step["operator"]),
                Cell(step["module"] or ""),
                Cell(step["shape"] or ""),
                Cell((step["kernel"] or "").removeprefix("cortex_m_")),
                Cell(step["tile"] or ""),
                _count(step["macs"]),
                _count(step["scratch"]),
                _count(step["program_scratch"]),
                *profile,
                _count(step["kernel_bytes"]),
                _count(step["table_bytes"]),
                Cell("; ".join(_remarks(step))),
            ]
        )
    return Table(f"steps-{model['name']}", f"Steps of {model['name']}", columns, rows)


def _remarks(step: dict[str, Any]) -> list[str]:
    vanished = [f"no instruction: {step['vanished']}"] if step["vanished"] else []
    return [*step["fused"], *step["overlaps"], *vanished]


def memory(model: dict[str, Any], peak: bool = False) -> Table:
    """What lives in the arena, or only what makes the peak."""
    labels = {one["moment"]: one["label"] for one in model["moments"]}
    banks = model["arena"]["banks"]
    several = len(banks) > 1
    columns = [
        Column("name"),
        Column("kind"),
        Column("shape"),
        Column("bytes", True),
        Column("address", True),
        *([Column("memory")] if several else []),
        Column("first"),
        Column("last"),
        *([] if peak else [Column("in the peak")]),
    ]
    boxes = [box for box in model["boxes"] if box["peak"] or not peak]
    if peak:
        boxes.sort(key=lambda box: (-box["bytes"], box["index"]))
    rows = [
        [
            Cell(box["name"]),
            Cell(box["kind"]),
            Cell(pictures.shape(box)),
            _count(box["bytes"]),
            _count(box["offset"]),
            *([Cell(banks[box["bank"]]["region"] or "")] if several else []),
            Cell(labels.get(box["first"], str(box["first"])), box["first"]),
            Cell(labels.get(box["last"], str(box["last"])), box["last"]),
            *([] if peak else [Cell("yes" if box["peak"] else "")]),
        ]
        for box in boxes
    ]
    which = "peak" if peak else "memory"
    caption = "What makes the peak" if peak else f"The arena of {model['name']}"
    return Table(f"{which}-{model['name']}", caption, columns, rows)


def flash_groups(report: dict[str, Any]) -> Table:
    """Flash by group."""
    total = report["flash"]["bytes"]
    rows = [
        [
            Cell(group["name"]),
            Cell(group["meaning"]),
            _count(group["bytes"]),
            _share(group["bytes"] / total),
        ]
        for group in report["flash"]["groups"]
    ]
    columns = [Column("part"), Column("what"), Column("bytes", True), Column("share", True)]
    return Table("flash-groups", "Flash by part", columns, rows)


def flash_symbols(report: dict[str, Any]) -> Table:
    """Flash by symbol."""
    return _symbols("flash-symbols", "Flash by symbol", report["flash"]["symbols"])


def ram(report: dict[str, Any]) -> Table:
    """RAM by symbol."""
    return _symbols("ram-symbols", "RAM by symbol", report["ram"]["symbols"])


def stack(report: dict[str, Any]) -> Table:
    """The deepest path of the stack, from the first call to the last."""
    columns = [
        Column("depth", True),
        Column("function"),
        Column("bytes", True),
        Column("sum", True),
    ]
    rows, total = [], 0
    for depth, step in enumerate(report["stack"]["path"]):
        total += step["bytes"]
        rows.append([_count(depth), Cell(step["function"]), _count(step["bytes"]), _count(total)])
    return Table("stack", "The stack at worst: the deepest path of calls", columns, rows)


def _symbols(name: str, caption: str, symbols: Sequence[dict[str, Any]]) -> Table:
    columns = [
        Column("symbol"),
        Column("part"),
        Column("what"),
        Column("object"),
        Column("section"),
        Column("address", True),
        Column("bytes", True),
    ]
    rows = [
        [
            Cell(groups.readable(one["name"])),
            Cell(one["group"]),
            Cell(" ".join(filter(None, [one["model"], one["what"]]))),
            *(Cell(one[key]) for key in ("object", "section")),
            Cell(f"{one['address']:#010x}", one["address"]),
            _count(one["bytes"]),
        ]
        for one in symbols
    ]
    return Table(name, caption, columns, rows)


def _count(number: float | None) -> Cell:
    return Cell("", -1) if number is None else Cell(f"{round(number):,}", number)


def _share(share: float | None) -> Cell:
    return Cell("", -1) if share is None else Cell(f"{100 * share:.1f} %", share)
