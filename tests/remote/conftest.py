# SPDX-License-Identifier: Apache-2.0
"""A cluster, a checkout that built everything by itself, and another one that tests use."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from cortex_m_cluster import Cluster
from nested_bazel import Bazel, Result, unpack_sources
from support import MATRIX, MODEL, PACKAGES, SMALL, outputs


@pytest.fixture(scope="session")
def cluster(tmp_path_factory) -> Iterator[Cluster]:
    """A cache, and workers."""
    with Cluster(PACKAGES, tmp_path_factory.mktemp("cluster"), jobs=3) as started:
        yield started


@dataclass(frozen=True)
class First:
    """What the first checkout built.

    Attributes:
        matrix: the build of MATRIX.
        outputs: path -> digest of every output, also of MODEL and SMALL.
    """

    matrix: Result
    outputs: dict[str, str]


@pytest.fixture(scope="session")
def first(tmp_path_factory, cluster) -> First:
    """The first checkout fills the cache."""
    folder = tmp_path_factory.mktemp("first")
    workspace = unpack_sources(folder / "workspace")
    rc_lines = [
        f"build --remote_cache={cluster.address}",
        # Sandboxes are what the others use; a thousand of them take long.
        "build --spawn_strategy=worker,local",
    ]
    with Bazel(workspace, folder, rc_lines) as bazel:
        results = [
            bazel.build(*targets, log_spawns=True, timeout=1200)
            for targets in (MATRIX, MODEL, SMALL)
        ]
    for result in results:
        assert not result.cache_hits()
    return First(results[0], outputs(*results))


@pytest.fixture(scope="session")
def second(tmp_path_factory) -> Iterator[Bazel]:
    """Bazel in another checkout."""
    folder = tmp_path_factory.mktemp("second")
    workspace = unpack_sources(folder / "elsewhere" / "workspace")
    # Build events name files where they are here, not where the server has them.
    rc_line = "build --experimental_build_event_upload_strategy=local"
    with Bazel(workspace, folder, [rc_line]) as bazel:
        yield bazel


@pytest.fixture
def clean(second) -> Bazel:
    """`second` with empty outputs."""
    second.run("clean")
    return second
