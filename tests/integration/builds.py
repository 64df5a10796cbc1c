# SPDX-License-Identifier: Apache-2.0
"""What suites that share their builds build, and what that gives."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from nested_bazel import EVERY_GROUP, Bazel, Outputs, Result


def build_images(bazel: Bazel) -> list[Result]:
    """Two images of two ISA classes: of one all that can be asked for, of one no reports.

    (Reports need call graphs, which take as long as compiling.)
    """
    return [
        bazel.build("--output_groups=bin,elf,hex,linkmap,pte,vectors", "//firmware:m0_app"),
        bazel.build(EVERY_GROUP, "//firmware:m55_app"),
    ]


@dataclass(frozen=True)
class Build:
    """Bazel on a copy of the sources, with the images built; and what that gave."""

    bazel: Bazel
    results: list[Result]
    outputs: Outputs

    @classmethod
    def of(cls, bazel: Bazel, keep: Path) -> Self:
        """Builds the images.

        Args:
            bazel: nothing is built there.
            keep: see Outputs.of.
        """
        results = build_images(bazel)
        return cls(bazel, results, Outputs.of(results[-1], keep))
