# SPDX-License-Identifier: Apache-2.0
"""Networks on emulated cores, beside the best figures of others, in Markdown.

    benchmark_table --cell NETWORK CORE IO PROFILE FLASH [--cell ...]

PROFILE is a profile of the network as JSON, FLASH the .profile.json of an image that holds the
network alone.
"""

import argparse
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GOAL_MEAN = 0.60
GOAL_EACH = 0.80

# Instructions per inference of the better of ExecuTorch's C++ runtime with CMSIS-NN (the best of
# -O2, -O3, -Ofast) and of a compiler from PyTorch to C built on CMSIS-NN (the best of its policies,
# -O3 with LTO): GCC 15, the same emulated cores, by network, core and type of input and output.
PUBLISHED = {
    "conv2d_x3": {
        ("cortex-m55", "int8"): 115_206,
        ("cortex-m4", "int8"): 474_670,
        ("cortex-m7", "int8"): 493_278,
        ("cortex-m3", "float32"): 740_225,
        ("cortex-m0", "int8"): 1_445_300,
    },
    "ds_cnn": {
        ("cortex-m55", "int8"): 1_799_965,
        ("cortex-m4", "int8"): 7_124_929,
        ("cortex-m7", "int8"): 7_286_036,
        ("cortex-m3", "float32"): 10_930_829,
        ("cortex-m0", "int8"): 27_353_384,
    },
    "resnet8": {
        ("cortex-m55", "int8"): 4_671_745,
        ("cortex-m4", "int8"): 29_615_036,
        ("cortex-m7", "int8"): 29_624_469,
        ("cortex-m3", "float32"): 42_130_604,
        ("cortex-m0", "int8"): 97_036_287,
    },
    "mobilenet_v1_025": {
        ("cortex-m55", "int8"): 5_591_077,
        ("cortex-m4", "int8"): 22_980_742,
        ("cortex-m7", "int8"): 22_912_934,
        ("cortex-m3", "float32"): 37_953_247,
        ("cortex-m0", "int8"): 86_278_481,
    },
    "deep_autoencoder": {
        ("cortex-m55", "int8"): 118_595,
        ("cortex-m4", "int8"): 575_706,
        ("cortex-m7", "int8"): 575_670,
        ("cortex-m3", "float32"): 1_136_836,
        ("cortex-m0", "int8"): 1_570_205,
    },
}

# Whose figures stand for a core that nobody measured.
LIKE = {
    "cortex-m0plus": "cortex-m0",
    "cortex-m23": "cortex-m0",
    "cortex-m33": "cortex-m7",
    "cortex-m52": "cortex-m55",
    "cortex-m85": "cortex-m55",
}

MACS = {
    "conv2d_x3": 161_280,
    "ds_cnn": 2_656_768,
    "resnet8": 12_501_632,
    "mobilenet_v1_025": 7_489_664,
    "deep_autoencoder": 264_192,
}


@dataclass(frozen=True)
class Cell:
    """One network on one core: means over its vectors, and bytes of flash."""

    network: str
    core: str
    io: str
    isa: str
    instructions: float
    loads: float
    load_bytes: float
    stores: float
    store_bytes: float
    cycles: float
    timing: str
    flash: int
    weights: int

    @property
    def macs(self) -> int:
        return MACS[self.network]

    @property
    def published(self) -> int | None:
        core = LIKE.get(self.core, self.core)
        return PUBLISHED[self.network].get((core, self.io))

    @property
    def ratio(self) -> float | None:
        return self.instructions / self.published if self.published else None

    @property
    def code(self) -> int:
        """Flash of kernels, runtime and plan."""
        return self.flash - self.weights


def cell(network: str, core: str, io: str, profile: dict[str, Any], flash: dict[str, Any]) -> Cell:
    """Joins what was measured of one network and core."""
    (model,) = profile["models"]
    if model["macs"] not in (None, MACS[network]):
        raise ValueError(f"{network}: the plan has {model['macs']} MACs, the table {MACS[network]}")
    names = ("instructions", "loads", "load_bytes", "stores", "store_bytes", "cycles")
    return Cell(
        network,
        core,
        io,
        profile["isa"],
        *(model[name] for name in names),
        profile["cycle_model"]["name"],
        flash["flash"],
        flash["weights"],
    )


def geometric_mean(values: Iterable[float]) -> float:
    values = list(values)
    return math.exp(sum(map(math.log, values)) / len(values))


def columns(cells: Sequence[Cell]) -> list[tuple[str, str]]:
    """Core and input/output type of the table's columns, in order."""
    return list(dict.fromkeys((one.core, one.io) for one in cells))


def instructions(cells: Sequence[Cell]) -> str:
    """Ours, per MAC in brackets, of the published figure: the ratio."""
    places = columns(cells)
    by_place = {(one.network, one.core, one.io): one for one in cells}
    isas = {(one.core, one.io): one.isa for one in cells}
    rows = [["model (MACs)", *(heading(*place, isas[place]) for place in places)]]
    for network in dict.fromkeys(one.network for one in cells):
        rows.append(
            [
                f"{network} ({MACS[network]:,})",
                *(compared(by_place[network, *place]) for place in places),
            ]
        )
    rows.append(["geometric mean", *(mean_of(cells, place) for place in places)])
    return as_table(rows)


def heading(core: str, io: str, isa: str) -> str:
    notes = [isa] + ([f"{io} I/O"] if io != "int8" else [])
    like = f", against {LIKE[core]}" if core in LIKE else ""
    return f"{core} ({', '.join(notes)}){like}"


def compared(one: Cell) -> str:
    ours = f"{one.instructions:,.0f} ({one.instructions / one.macs:.2f})"
    return f"{ours} of {one.published:,}: **{one.ratio:.2f}**" if one.published else ours


def mean_of(cells: Sequence[Cell], place: tuple[str, str]) -> str:
    ratios = [one.ratio for one in cells if (one.core, one.io) == place and one.ratio]
    return f"**{geometric_mean(ratios):.3f}**" if ratios else ""


def verdict(cells: Sequence[Cell]) -> str:
    """The mean over all, the worst, and what is above the goal."""
    measured = [one for one in cells if one.ratio]
    if not measured:
        return ""
    mean = geometric_mean(one.ratio for one in measured)
    worst = max(measured, key=lambda one: one.ratio)
    lines = [
        f"Geometric mean over all: **{mean:.3f}** (goal: at most {GOAL_MEAN:.2f}). Highest: "
        f"**{worst.ratio:.2f}**, {worst.network} on {worst.core} (goal: at most {GOAL_EACH:.2f})."
    ]
    above = [one for one in measured if one.ratio > GOAL_EACH]
    if above:
        names = ", ".join(f"{one.network} on {one.core} ({one.ratio:.2f})" for one in above)
        lines.append(f"Above {GOAL_EACH:.2f}: {names}.")
    return "\n".join(lines)


def memory_and_cycles(cells: Sequence[Cell]) -> str:
    """Loads, stores and the estimate, a row for each network and core."""
    rows = [
        [
            "model",
            "core",
            "instructions",
            "loads (bytes)",
            "stores (bytes)",
            "estimated cycles",
            "per MAC",
        ]
    ]
    for one in cells:
        rows.append(
            [
                one.network,
                one.core if one.io == "int8" else f"{one.core}, {one.io} I/O",
                f"{one.instructions:,.0f}",
                f"{one.loads:,.0f} ({one.load_bytes:,.0f})",
                f"{one.stores:,.0f} ({one.store_bytes:,.0f})",
                f"{one.cycles:,.0f}",
                f"{one.cycles / one.macs:.2f}",
            ]
        )
    return as_table(rows)


def timings(cells: Sequence[Cell]) -> str:
    names = dict.fromkeys((one.core, one.timing) for one in cells)
    return "Timing models: " + ", ".join(f"{core}: {timing}" for core, timing in names) + "."


def flash(cells: Sequence[Cell]) -> str:
    """Kernels, runtime and plan, and behind a plus the weights with what is made of them."""
    places = columns(cells)
    by_place = {(one.network, one.core, one.io): one for one in cells}
    rows = [["model", *(", ".join(place) for place in places)]]
    for network in dict.fromkeys(one.network for one in cells):
        found = (by_place[network, *place] for place in places)
        rows.append([network, *(f"{one.code:,} + {one.weights:,}" for one in found)])
    return as_table(rows)


def as_table(rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, its first row the heading."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]])


def document(cells: Sequence[Cell]) -> str:
    """All tables."""
    parts = [
        "Instructions per inference: ours (per MAC) of the best of others: the ratio.",
        instructions(cells),
        verdict(cells),
        "Per inference; a load or store is an access of up to 4 bytes, or of one vector.",
        memory_and_cycles(cells),
        timings(cells),
        "Flash in bytes: kernels, runtime and plan + weights.",
        flash(cells),
    ]
    return "\n\n".join(part for part in parts if part)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cell", nargs=5, action="append", required=True)
    print(
        document(
            [
                cell(*words, *(json.loads(Path(path).read_text("utf-8")) for path in paths))
                for *words, first, second in parser.parse_args().cell
                for paths in [(first, second)]
            ]
        )
    )


if __name__ == "__main__":
    main()
