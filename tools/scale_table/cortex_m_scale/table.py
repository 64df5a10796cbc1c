# SPDX-License-Identifier: Apache-2.0
"""What was measured, in Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass

from cortex_m_scale.bazel import Build

COUNTS = ("CortexMLower", "CortexMPlan", "CppCompile", "CppArchive", "CppLink")


@dataclass(frozen=True)
class Figures:
    """One run of everything. `programs` and `images` are cold; `edits` go by what was edited.

    The checkouts are cold, too, but for the remote cache that they share.
    """

    networks: Sequence[str]
    cores: Sequence[str]
    processors: int
    baseline: float
    programs: Build
    images: Build
    no_op: Build
    edits: dict[str, Build]
    reports: Build
    first_checkout: Build
    second_checkout: Build

    @property
    def pairs(self) -> int:
        return len(self.networks) * len(self.cores)


def table(figures: Figures) -> str:
    """A sentence that says what was built, and a row for each measurement."""
    pairs = figures.pairs
    rows = [
        ["what", "wall time", "of ExecuTorch's", *COUNTS, "others"],
        [
            f"{pairs} lowerings by ExecuTorch's Python API, a fresh process each",
            f"{seconds(figures.baseline)} ({seconds(figures.baseline / pairs)} each)",
            "1.00",
            *[""] * (len(COUNTS) + 1),
        ],
        row(f"{pairs} programs, cold", figures.programs, figures.baseline),
        row(f"{pairs} linked images, cold", figures.images, figures.baseline),
        row("again, nothing changed", figures.no_op),
        *(row(f"again, {what} edited", build) for what, build in figures.edits.items()),
        row("what `bazel run` shows of the images besides", figures.reports),
        row(
            "the linked images in a first checkout, which fills a remote cache",
            figures.first_checkout,
            figures.baseline,
        ),
        row(
            "the same in a second checkout, from that cache",
            figures.second_checkout,
            figures.baseline,
        ),
    ]
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    return "\n".join([heading(figures), "", lines[0], "|---" * len(rows[0]) + "|", *lines[1:]])


def heading(figures: Figures) -> str:
    networks, cores = (", ".join(names) for names in (figures.networks, figures.cores))
    return (
        f"{len(figures.networks)} models ({networks}) on {len(figures.cores)} cores ({cores}), "
        f"made on {figures.processors} processors. Actions that were run, by mnemonic."
    )


def row(what: str, build: Build, baseline: float | None = None) -> list[str]:
    counts = [f"{build.actions.get(name, 0):,}" for name in COUNTS]
    others = [
        f"{count:,} {name}"
        for name, count in sorted(build.actions.items())
        if count and name not in COUNTS
    ]
    if build.hits:
        others.append(f"{build.hits:,} from the cache")
    ratio = (
        f"{build.seconds / baseline:.2f}, {baseline / build.seconds:.1f}x less" if baseline else ""
    )
    return [what, seconds(build.seconds), ratio, *counts, ", ".join(others)]


def seconds(value: float) -> str:
    return f"{value:,.0f} s" if value >= 100 else f"{value:.1f} s"
