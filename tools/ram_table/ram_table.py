# SPDX-License-Identifier: Apache-2.0
"""All RAM that networks cost, beside the best figures of others, in Markdown.

    ram_table --cell NETWORK CONSOLE PLAN [--cell ...]

CONSOLE is what app.c printed, PLAN the plan of the network as JSON. All figures are bytes. Inputs
and outputs are int8 and lie in the arena.
"""

import argparse
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

GOAL_MEAN = 0.60
GOAL_OTHER = 256

# Arena, input and output, stack and static data on a Cortex-M4, as measured of ExecuTorch's C++
# runtime and of the best compiler from PyTorch to C.
EXECUTORCH = {
    "conv2d_x3": 7_752,
    "deep_autoencoder": 10_136,
    "ds_cnn": 30_424,
    "mobilenet_v1_025": 169_252,
    "resnet8": 63_064,
}
BEST_OTHER = {
    "conv2d_x3": 2_640,
    "deep_autoencoder": 1_776,
    "ds_cnn": 16_918,
    "mobilenet_v1_025": 101_802,
    "resnet8": 52_666,
}


@dataclass(frozen=True)
class Cell:
    """A network on a core.

    `program` is the .pte's own plan, `apart` what no plan without overlap can be below, `bound`
    what is proved of any plan, `static` all static RAM with the arena in it, `stack` the
    high-water mark.
    """

    network: str
    core: str
    isa: str
    program: int
    apart: int
    bound: int
    arena: int
    static: int
    stack: int

    @property
    def other(self) -> int:
        """RAM that is neither arena nor stack."""
        return self.static - self.arena

    @property
    def ram(self) -> int:
        return self.static + self.stack

    @property
    def ratio(self) -> float:
        return self.ram / BEST_OTHER[self.network]


def cell(network: str, console: str, plan: dict) -> Cell:
    """Joins what an image printed and its plan."""
    printed = dict(line.split(" ", 1) for line in console.splitlines() if line.count(" ") == 1)
    arena = plan["arena"]
    if printed["isa"] != plan["isa"]:
        raise SystemExit(f"{network}: an image for {printed['isa']}, a plan for {plan['isa']}")
    return Cell(
        network=network,
        core=printed["core"],
        isa=printed["isa"],
        program=arena["program_bytes"],
        apart=arena["bound_without_overlap"],
        bound=arena["bound"],
        arena=arena["bytes"],
        static=int(printed["static"]),
        stack=int(printed["stack"]),
    )


def table(cells: Sequence[Cell]) -> str:
    """A line for each network and core."""
    head = [
        "network", "core (ISA)", ".pte's own plan", "least without overlap", "this plan",
        "proved least", "stack", "other RAM", "all RAM", "ExecuTorch", "best other", "ours / best",
    ]  # fmt: skip
    rows = [head] + [
        [
            c.network, f"{c.core} ({c.isa})",
            *(f"{n:,}" for n in (c.program, c.apart, c.arena, c.bound, c.stack, c.other, c.ram)),
            f"{EXECUTORCH[c.network]:,}", f"{BEST_OTHER[c.network]:,}", f"{c.ratio:.2f}",
        ]
        for c in cells
    ]  # fmt: skip
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:]])


def means(cells: Sequence[Cell]) -> dict[str, float]:
    """By core: the geometric mean of ours / the best other."""
    found: dict[str, list[float]] = {}
    for one in cells:
        found.setdefault(f"{one.core} ({one.isa})", []).append(one.ratio)
    return {core: math.exp(math.fsum(map(math.log, r)) / len(r)) for core, r in found.items()}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cell", nargs=3, action="append", required=True)
    cells = [
        cell(network, Path(console).read_text(), json.loads(Path(plan).read_text()))
        for network, console, plan in parser.parse_args().cell
    ]
    print(table(cells))
    for core, mean in means(cells).items():
        print(f"\n{core}: geometric mean {mean:.3f} (goal {GOAL_MEAN:.2f})", end="")
    print(
        f"\n\nRAM beside arena and stack: at most {max(c.other for c in cells)} (goal {GOAL_OTHER})"
    )


if __name__ == "__main__":
    main()
