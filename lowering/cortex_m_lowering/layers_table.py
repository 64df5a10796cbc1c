# SPDX-License-Identifier: Apache-2.0
"""The report's `layers` as a table to read.

    python -m cortex_m_lowering.layers_table --report digits.json

Reads the lowering's report, so it needs neither torch nor the model.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_HEADER = (
    "layer", "operator", "SNR", "worst", "channel", "own", "median",
    "max error", "steps", "at ends", "clipped", "weights",
)  # fmt: skip
_LEGEND = """\
SNR        float activation against the difference of the dequantized int8 to it, in dB; 6 dB a bit
worst      the same for the worst channel
own        the same for the noise this layer adds by itself, its inputs being the program's
median     half of the layer's channels have less than this by themselves
max error  largest difference, also in steps of the output's scale
at ends    values at the lower and upper end of int8; behind a relu the lower end is zero
clipped    float values that lie outside what the output's scale can express
weights    SNR of the weights, all and worst channel, in dB
exact      no noise at all; -: no signal
"""
_WEAKEST = 3
_NAME_WIDTH = 40


def table(report: dict[str, Any]) -> str:
    """The text for a report: a row per operator, a legend, the weakest layers."""
    layers = report.get("layers")
    if not layers:
        problem = report.get("layers_problem", "the report has no comparison")
        return f"{report['name']}: no layer was compared with the float model: {problem}\n"
    used = report["layer_samples"]
    lines = [
        f"{report['name']}: int8 against float, layer by layer; "
        f"{used['used']} of {used['count']} {used['source']}",
        "",
    ]
    rows = [_HEADER, *(_row(layer) for layer in layers)]
    lines += _aligned(rows)
    lines += ["", *_LEGEND.splitlines()]
    missing = [layer for layer in layers if "reason" in layer]
    if missing:
        lines += ["", "Not compared:"]
        lines += [f"  {_name(layer)} ({layer['node']}): {layer['reason']}" for layer in missing]
    lines += _weakest(layers)
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table, or writes it to --out."""
    parser = argparse.ArgumentParser(
        prog="python -m cortex_m_lowering.layers_table",
        description="Show float against int8, layer by layer.",
    )
    parser.add_argument("--report", type=Path, required=True, help="NAME.json of the lowering")
    parser.add_argument("--out", type=Path, help="file to write; default: print")
    options = parser.parse_args(arguments)
    text = table(json.loads(options.report.read_text("utf-8")))
    if options.out is None:
        print(text, end="")
    else:
        options.out.write_text(text, "utf-8")
    return 0


def _row(layer: dict[str, Any]) -> tuple[str, ...]:
    name, operator = _name(layer), layer["op"].rpartition("::")[2]
    if "reason" in layer:
        return (name, operator, *[""] * (len(_HEADER) - 3), "not compared")
    weights = layer["weights"]
    integers = "scale" in layer
    return (
        name,
        operator,
        _noise(layer["snr_db"], layer["max_error"]),
        *_channel(layer["worst_channel"]),
        _noise(layer["own_snr_db"], layer["own_max_error"]),
        _decibel(layer["own_median_channel_db"]),
        f"{layer['max_error']:.4g}",
        f"{layer['max_error_steps']:.1f}" if integers else "float",
        f"{_percent(layer['at_min'])} {_percent(layer['at_max'])}" if integers else "",
        _percent(layer["clipped"]) if integers else "",
        _weights(weights),
    )


def _name(layer: dict[str, Any]) -> str:
    line = layer["source"].partition(" ")[2]
    name = layer["module"] or line or layer.get("float_node") or layer["node"]
    return name if len(name) <= _NAME_WIDTH else name[: _NAME_WIDTH - 3] + "..."


def _noise(value: float | None, error: float) -> str:
    if value is not None:
        return f"{value:.1f}"
    return "-" if error else "exact"


def _channel(worst: dict[str, Any] | None) -> tuple[str, str]:
    return ("", "") if worst is None else (f"{worst['snr_db']:.1f}", str(worst["index"]))


def _decibel(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _weights(weights: dict[str, Any] | None) -> str:
    if weights is None or weights["snr_db"] is None:
        return ""
    return f"{weights['snr_db']:.1f} {weights['worst_channel']['snr_db']:.1f}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADER))]
    lines = []
    for row in rows:
        cells = [
            cell.ljust(width) if column < 2 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return lines


def _weakest(layers: list[dict[str, Any]]) -> list[str]:
    """The layers that lose most by themselves, in half of their channels."""
    ranked = sorted(
        (layer for layer in layers if layer.get("own_worst_channel")),
        key=lambda layer: layer["own_median_channel_db"],
    )
    if not ranked:
        return []
    lines = ["", "Weakest by themselves:"]
    for layer in ranked[:_WEAKEST]:
        worst = layer["own_worst_channel"]
        where = f"; {layer['source']}" if layer["module"] and layer["source"] else ""
        lines.append(
            f"  {_name(layer)}: median channel {layer['own_median_channel_db']:.1f} dB, "
            f"worst {worst['index']} of {layer['channels']} with {worst['snr_db']:.1f} dB{where}"
        )
    return lines


if __name__ == "__main__":
    sys.exit(main())
