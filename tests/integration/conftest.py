# SPDX-License-Identifier: Apache-2.0
"""The first build of a copy of this repository, which several suites start from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from nested_bazel import EVERY_GROUP, Bazel, Outputs, Result, unpack_sources


def build_images(bazel: Bazel) -> list[Result]:
    """Two images of two ISA classes: of one all that can be asked for, of one no reports.

    (Reports need call graphs, which take as long as compiling.)
    """
    return [
        bazel.build("--output_groups=bin,elf,hex,linkmap,pte,vectors", "//firmware:m0_app"),
        bazel.build(EVERY_GROUP, "//firmware:m55_app"),
    ]


@pytest.fixture(scope="session")
def images() -> Callable[[Bazel], list[Result]]:
    """What builds the images anew."""
    return build_images


@dataclass(frozen=True)
class First:
    """Bazel on a copy of the sources, with the images built; and what that gave."""

    bazel: Bazel
    results: list[Result]
    outputs: Outputs


@pytest.fixture(scope="session")
def first(tmp_path_factory) -> Iterator[First]:
    """The first build."""
    folder: Path = tmp_path_factory.mktemp("first")
    workspace = unpack_sources(folder / "workspace")
    with Bazel(workspace, folder / "bazel") as bazel:
        results = build_images(bazel)
        yield First(bazel, results, Outputs.of(results[-1], folder / "outputs"))
