# SPDX-License-Identifier: Apache-2.0
"""The pictures of the page, made with plotly: an arena over time, and flash as a treemap.

Nothing is told by colour alone: each kind of rectangle has a pattern, each line its dashes, and
each group of the treemap its name. Text has no colour here: the page's own, light or dark, holds.
"""

import json
from itertools import groupby
from typing import Any

import plotly.graph_objects as go

from cortex_m_report import groups

LINE = "#334155"
HATCH = "rgba(15, 23, 42, 0.45)"
SHARED = "shared"

KINDS = {
    "input": ("#7dd3fc", "", "input"),
    "output": ("#6ee7b7", ".", "output"),
    "activation": ("#c4b5fd", "", "tensor between steps"),
    "scratch": ("#fdba74", "/", "scratch of a kernel"),
    SHARED: ("rgba(255, 255, 255, 0.2)", "x", "bytes that two of them share"),
}
"""Of each kind of rectangle its colour, pattern and meaning."""

LINES = {
    "bytes": ("solid", "this arena"),
    "program_bytes": ("dash", "the .pte's own plan"),
    "bound_without_overlap": ("dot", "least without overlap"),
    "bound": ("dashdot", "no plan needs less"),
}
"""Of each figure of an arena its dashes and meaning."""

GROUP_COLOURS = {
    "weights": "#93c5fd",
    "tables": "#67e8f9",
    "kernels": "#fdba74",
    "plan": "#fde68a",
    "runtime": "#86efac",
    "C library": "#d4d4d8",
    "application": "#f9a8d4",
    "padding": "#e5e7eb",
}

_MARGIN = {"l": 64, "r": 8, "t": 28, "b": 8}
_ROOM = 1.04  # of the highest line
_CLEAR = "rgba(0, 0, 0, 0)"
_OTHER = ("#e5e7eb", "-", "")


def arena(model: dict[str, Any], bank: int) -> str:
    """An arena over time as plotly's JSON; bytes upwards, steps to the right."""
    moments = [one["moment"] for one in model["moments"]]
    place = {moment: at for at, moment in enumerate(moments)}
    figure = go.Figure(layout=_layout())
    boxes = [box for box in model["boxes"] if box["bank"] == bank]
    for kind in dict.fromkeys(box["kind"] for box in boxes):
        figure.add_trace(_boxes(model, place, [box for box in boxes if box["kind"] == kind], kind))
    found = [one for one in model["shared"] if one["bank"] == bank]
    if found:
        figure.add_trace(_shared(model, place, found))
    figure.add_trace(_labels(place, boxes, found))
    highest = _lines(figure, model["arena"], len(moments), bank)
    _mark_peak(figure, model, place)
    figure.update_xaxes(
        tickmode="array",
        tickvals=list(range(len(moments))),
        ticktext=[one["label"] for one in model["moments"]],
        tickangle=-90,
        range=[-0.6, len(moments) - 0.4],
        automargin=True,
        showgrid=False,
        zeroline=False,
    )
    figure.update_yaxes(
        range=[0, highest * _ROOM],
        tickformat=",d",
        title={"text": "address in the arena, bytes", "standoff": 12},
        gridcolor="rgba(128, 128, 128, 0.3)",
        zeroline=False,
    )
    return _json(figure)


def _layout(**more: Any) -> dict[str, Any]:
    return {
        "template": "none",
        "margin": _MARGIN,
        "paper_bgcolor": _CLEAR,
        "plot_bgcolor": _CLEAR,
        "font": {"family": "system-ui, sans-serif", "size": 12},
        "showlegend": False,
        "barmode": "overlay",
        "bargap": 0,
        "dragmode": False,
        "hoverlabel": {
            "align": "left",
            "bgcolor": "#0f172a",
            "bordercolor": "#94a3b8",
            "font": {"color": "#ffffff"},
        },
        "modebar": {"bgcolor": _CLEAR, "color": "#64748b", "activecolor": "#2563eb"},
        "uniformtext": {"minsize": 9, "mode": "hide"},
        **more,
    }


def _span(place: dict[int, int], one: dict[str, Any]) -> tuple[float, float]:
    """Middle and width of a lifetime, in columns."""
    first, last = place[one["first"]], place[one["last"]]
    return (first + last) / 2, last - first + 0.92


def _bars(place: dict[int, int], found: list[dict[str, Any]], kind: str, **more: Any) -> go.Bar:
    colour, pattern, _ = KINDS.get(kind, _OTHER)
    spans = [_span(place, one) for one in found]
    return go.Bar(
        name=kind,
        x=[middle for middle, _ in spans],
        width=[width for _, width in spans],
        base=[one["offset"] for one in found],
        y=[one["bytes"] for one in found],
        marker={
            "color": colour,
            "line": {"color": LINE, "width": 1},
            "pattern": {"shape": pattern, "fgcolor": HATCH, "fillmode": "overlay", "size": 7},
        },
        hovertemplate="%{hovertext}<extra></extra>" if "hovertext" in more else None,
        **more,
    )


def _boxes(
    model: dict[str, Any], place: dict[int, int], boxes: list[dict[str, Any]], kind: str
) -> go.Bar:
    labels = {one["moment"]: one["label"] for one in model["moments"]}
    return _bars(
        place,
        boxes,
        kind,
        hovertext=[_hover(box, labels) for box in boxes],
    )


def _labels(
    place: dict[int, int], boxes: list[dict[str, Any]], found: list[dict[str, Any]]
) -> go.Bar:
    """Names on what is to be seen of the rectangles; those that do not fit are left out."""
    seen = [box | dict(zip(("first", "last"), _seen(box, found), strict=True)) for box in boxes]
    bars = _bars(
        place,
        seen,
        "names",
        text=[_label(box) for box in boxes],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont={"color": "#0f172a"},
    )
    return bars.update(
        marker={"color": _CLEAR, "line": {"width": 0}, "pattern": {"shape": ""}}, hoverinfo="skip"
    )


def _seen(box: dict[str, Any], found: list[dict[str, Any]]) -> tuple[int, int]:
    """The longest time in which nothing shares the rectangle's bytes; else its first moment."""
    busy = {
        moment
        for one in found
        if box["index"] in (one["input"], one["output"])
        for moment in range(one["first"], one["last"] + 1)
    }
    free = [moment for moment in range(box["first"], box["last"] + 1) if moment not in busy]
    runs = [
        [moment for _, moment in run]
        for _, run in groupby(enumerate(free), lambda one: one[1] - one[0])
    ]
    longest = max(runs, key=len, default=[box["first"]])
    return longest[0], longest[-1]


def _label(box: dict[str, Any]) -> str:
    """A name as short as it can be read: that of the scratch's owner is beside it."""
    if box["kind"] == "scratch":
        return "scratch"
    return _short(box["name"])


def _short(node: str) -> str:
    return node.removeprefix("cortex_m_").removeprefix("quantized_").replace("_default", "")


def shape(box: dict[str, Any]) -> str:
    """A tensor's shape and type."""
    return f"{'x'.join(map(str, box['shape']))} {box['dtype']}"


def life(box: dict[str, Any], labels: dict[int, str]) -> str:
    """From when to when."""
    first, last = (labels.get(box[name], str(box[name])) for name in ("first", "last"))
    return first if first == last else f"{first} to {last}"


def _hover(box: dict[str, Any], labels: dict[int, str]) -> str:
    mark = "<br>part of the peak" if box["peak"] else ""
    return (
        f"<b>{box['name']}</b><br>{KINDS.get(box['kind'], _OTHER)[2] or box['kind']}, {shape(box)}"
        f"<br>{box['bytes']:,} bytes from {box['offset']:,} to {box['offset'] + box['bytes']:,}"
        f"<br>lives: {life(box, labels)}{mark}"
    )


def _shared(model: dict[str, Any], place: dict[int, int], found: list[dict[str, Any]]) -> go.Bar:
    boxes = model["boxes"]
    return _bars(
        place,
        found,
        SHARED,
        hovertext=[
            f"<b>{one['bytes']:,} bytes shared</b><br>{boxes[one['output']]['name']}<br>over "
            f"{boxes[one['input']]['name']}<br>{one['why'].replace(': ', ':<br>')}"
            for one in found
        ],
    )


def _lines(figure: go.Figure, figures: dict[str, Any], columns: int, bank: int) -> int:
    """Draws the arena's figures, or of several banks this one's bytes; returns the highest."""
    banks = figures["banks"]
    values = {name: figures[name] for name in LINES if figures[name] is not None}
    if len(banks) > 1:
        values = {"bytes": banks[bank]["bytes"]}
    for name, value in values.items():
        dash, meaning = LINES[name]
        figure.add_trace(
            go.Scatter(
                x=[-0.6, columns - 0.4],
                y=[value, value],
                mode="lines",
                line={"color": "#64748b", "width": 2, "dash": dash},
                hovertemplate=f"{meaning}: {value:,} bytes<extra></extra>",
            )
        )
    return max([*values.values(), 1])


def _mark_peak(figure: go.Figure, model: dict[str, Any], place: dict[int, int]) -> None:
    at = place.get(model["arena"]["peak"]["moment"])
    if at is not None:
        figure.add_vrect(
            x0=at - 0.5,
            x1=at + 0.5,
            line={"color": "#dc2626", "width": 2},
            fillcolor="rgba(220, 38, 38, 0.08)",
        )
        figure.add_annotation(
            x=at, y=1, yref="paper", yanchor="bottom", text="▼ peak", showarrow=False
        )


def flash(report: dict[str, Any]) -> str:
    """What is in flash as a treemap, as plotly's JSON: groups, and in them symbols."""
    symbols, parts = report["flash"]["symbols"], report["flash"]["groups"]
    total = report["flash"]["bytes"]
    names = [part["name"] for part in parts]
    places = [f"{at}" for at in range(len(symbols))]
    figure = go.Figure(layout=_layout(margin={"l": 4, "r": 4, "t": 4, "b": 4}))
    figure.add_trace(
        go.Treemap(
            ids=["flash", *names, *places],
            labels=["flash", *names, *(_named(one) for one in symbols)],
            parents=["", *("flash" for _ in names), *(one["group"] for one in symbols)],
            values=[
                total,
                *(part["bytes"] for part in parts),
                *(one["bytes"] for one in symbols),
            ],
            hovertext=[
                "all of it",
                *(part["meaning"] for part in parts),
                *(_told(one) for one in symbols),
            ],
            branchvalues="total",
            marker={
                "colors": [
                    _CLEAR,
                    *(GROUP_COLOURS[name] for name in names),
                    *(GROUP_COLOURS[one["group"]] for one in symbols),
                ],
                "line": {"color": LINE, "width": 1},
                "pad": {"t": 22, "l": 3, "r": 3, "b": 3},
            },
            texttemplate="%{label}<br>%{value:,} B",
            textfont={"color": "#0f172a"},
            hovertemplate="<b>%{label}</b><br>%{value:,} bytes, %{percentRoot:.1%}<br>%{hovertext}"
            "<extra></extra>",
            tiling={"packing": "squarify"},
            pathbar={"visible": False},
        )
    )
    return _json(figure)


def _named(symbol: dict[str, Any]) -> str:
    """A table by the node that reads it, everything else by its symbol."""
    reader = symbol["what"].rpartition(": ")[2] if symbol["group"] == "tables" else ""
    return _short(reader) or groups.readable(symbol["name"])


def _told(symbol: dict[str, Any]) -> str:
    parts = [symbol["what"], symbol["object"], symbol["section"]]
    return "<br>".join(part for part in parts if part)


def _json(figure: go.Figure) -> str:
    """Keys sorted, and nothing in it that ends a script element."""
    return json.dumps(json.loads(figure.to_json()), sort_keys=True, separators=(",", ":")).replace(
        "<", "\\u003c"
    )
