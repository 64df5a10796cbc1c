# SPDX-License-Identifier: Apache-2.0
"""The first build of a copy of this repository, which several suites start from."""

from collections.abc import Iterator
from pathlib import Path

import product
import pytest
from builds import Build
from nested_bazel import Bazel, Mounts, unpack_sources
from product import Product


@pytest.fixture(scope="session")
def mounts(tmp_path_factory) -> Iterator[Mounts]:
    """Where the first build's Bazel runs."""
    with Mounts(tmp_path_factory.mktemp("probe")) as mounts:
        yield mounts


@pytest.fixture(scope="session")
def first(tmp_path_factory, mounts) -> Iterator[Build]:
    """The first build."""
    folder: Path = tmp_path_factory.mktemp("first")
    workspace = unpack_sources(folder / "workspace")
    with Bazel(workspace, folder / "bazel", launcher=mounts.launcher(workspace)) as bazel:
        yield Build.of(bazel, folder / "outputs")


@pytest.fixture
def lowering(first) -> Product:
    """What its lowering for the Cortex-M55 has made."""
    return product.lowering(first)


@pytest.fixture
def plan(first) -> Product:
    """What its plan for the Cortex-M55 has made."""
    return product.plan(first)
