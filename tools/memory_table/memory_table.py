# SPDX-License-Identifier: Apache-2.0
"""What ExecuTorch's runner logs about memory for conv2d_x3, beside what this project takes.

    memory_table --run CONSOLE --report NAME.json [--run ... --report ...]

CONSOLE is what app.c printed, NAME.json the report of the lowering it was built from.
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

SOURCE = "https://github.com/pytorch/executorch/pull/16580"

# What examples/arm/executor_runner logged in January 2026, with scratch from the
# temporary allocator and with planned scratch. That allocator is a pool of fixed size; the runner
# logs the pool, not its use.
PUBLISHED = {
    "model_pte_program_size": (10208, 10336),
    "method_allocator_planned": (2560, 2560),
    "method_allocator_loaded": (2857, 3838),  # the second as used - planned - input
    "method_allocator_input": (16, 16),
    "method_allocator_used": (5433, 6414),
    "temp_allocator": (2097152, None),  # the second is cut off in the copy at hand
}


@dataclass(frozen=True)
class Measurement:
    """One image: what its program says, and what it took when it ran; all in bytes.

    `needed` is the most that lives at one time without scratch: no plan without scratch is smaller.
    """

    variant: str
    program: int
    constants: int
    planned: int
    needed: int
    scratch: int
    arena: int
    static: int
    stack: int
    flash: int

    @property
    def other(self) -> int:
        """RAM that is neither arena nor stack."""
        return self.static - self.arena

    @property
    def ram(self) -> int:
        return self.static + self.stack


def measurement(console: str, report: dict) -> Measurement:
    """Joins the console of app.c and the report of its lowering."""
    printed = dict(line.split(" ", 1) for line in console.splitlines() if line.count(" ") == 1)
    return Measurement(
        variant=f"{printed['core']} ({printed['isa']})",
        program=report["program_bytes"],
        constants=int(printed["constants"]),
        planned=report["arena_bytes"],
        needed=most_alive(t for t in report["tensors"] if t["kind"] != "scratch"),
        scratch=max((buffer["bytes"] for buffer in report["scratch"]), default=0),
        arena=int(printed["arena"]),
        static=int(printed["static"]),
        stack=int(printed["stack"]),
        flash=int(printed["flash"]),
    )


def most_alive(tensors: Iterable[dict]) -> int:
    """The most bytes of tensors that live at the same instruction."""
    tensors = list(tensors)
    return max(
        sum(t["bytes"] for t in tensors if t["first"] <= now <= t["last"])
        for now in range(1 + max(t["last"] for t in tensors))
    )


def logged(measured: Sequence[Measurement]) -> str:
    """What ExecuTorch's runner logs: published, and what a program itself says."""
    rows: list[list[int | str | None]] = [
        [
            "what the runner logs",
            "published, scratch at run time",
            "published, scratch planned",
            *(f"this .pte, {m.variant}" for m in measured),
        ]
    ]
    computed = {
        "model_pte_program_size": [m.program for m in measured],
        "method_allocator_planned": [m.planned for m in measured],
        "temp_allocator": ["0 needed" for _ in measured],
    }
    for name, published in PUBLISHED.items():
        rows.append([f"`{name}`", *published, *computed.get(name, [None] * len(measured))])
    return as_table(rows)


def taken(measured: Sequence[Measurement]) -> str:
    """What this project takes for the same program."""
    rows: list[list[int | str]] = [["this project", *(m.variant for m in measured)]]
    for name, values in [
        ("program (.pte)", [m.program for m in measured]),
        ("constants in flash, and tables made of them", [m.constants for m in measured]),
        ("whole image in flash", [m.flash for m in measured]),
        ("arena", [m.arena for m in measured]),
        ("of which scratch, the largest buffer", [m.scratch for m in measured]),
        ("arena that the tensors need without any scratch", [m.needed for m in measured]),
        ("other static RAM", [m.other for m in measured]),
        ("stack used", [m.stack for m in measured]),
        ("RAM in all", [m.ram for m in measured]),
    ]:
        rows.append([name, *values])
    return as_table(rows)


def as_table(rows: Sequence[Sequence[int | str | None]]) -> str:
    """A Markdown table, its first row the heading."""
    lines = [f"| {' | '.join(as_cell(cell) for cell in row)} |" for row in rows]
    return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]])


def as_cell(value: int | str | None) -> str:
    """Text of a cell; what is not known says so."""
    if value is None:
        return "not known"
    return f"{value:,}" if isinstance(value, int) else value


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", type=Path, action="append", required=True)
    parser.add_argument("--report", type=Path, action="append", required=True)
    arguments = parser.parse_args()
    measured = [
        measurement(run.read_text(), json.loads(report.read_text()))
        for run, report in zip(arguments.run, arguments.report, strict=True)
    ]
    print(f"conv2d_x3, in bytes; published: {SOURCE}\n")
    print(logged(measured), taken(measured), sep="\n\n")


if __name__ == "__main__":
    main()
