# SPDX-License-Identifier: Apache-2.0
"""BuildGrid and BuildBox workers: everything is executed on machines without the client's files."""

import pytest
from cortex_m_cluster import Cluster
from nested_bazel import Bazel, unpack_sources
from support import LOCAL_FILES, PACKAGES, SHARED, outputs

APP = "//firmware:m55_app"
TEST = "//firmware:m55_app_on_mps3_an547_test"

# Tells what a worker sees of the client's machine.
LOOK = """\
genrule(
    name = "look",
    outs = ["seen.txt"],
    cmd = "for path in {paths}; do test ! -e $$path || echo $$path; done > $@",
)
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with Cluster(PACKAGES, tmp_path_factory.mktemp("cluster"), jobs=3) as started:
        yield started


@pytest.fixture(scope="module")
def bazel(tmp_path_factory, cluster):
    folder = tmp_path_factory.mktemp("client")
    workspace = unpack_sources(folder / "workspace")
    (workspace / "look").mkdir()
    (workspace / "look/BUILD.bazel").write_text(LOOK.format(paths=f"{workspace} {folder} /home"))
    with Bazel(workspace, folder, [LOCAL_FILES]) as started:
        yield started


@pytest.fixture(scope="module")
def remote(cluster):
    return ("--config=remote", f"--remote_executor={cluster.address}", "--noremote_local_fallback")


def test_a_worker_sees_nothing_of_the_client(bazel, remote):
    result = bazel.build(*remote, "//look", log_spawns=True)
    assert result.ran_by("remote") == {"Genrule": 1}
    assert result.files["look/seen.txt"].read_text() == ""


def test_everything_is_executed_remotely_with_the_same_bytes(bazel, remote):
    result = bazel.test(*remote, APP, TEST, log_spawns=True)
    assert {"TestRunner", *SHARED} <= set(result.executed())
    assert result.executed() == result.ran_by("remote")
    # Once more, here: what was built there was not stored under other keys, and is the same.
    bazel.run("clean")
    local = bazel.build(APP, log_spawns=True)
    assert set(local.executed()) >= SHARED
    assert outputs(local).items() <= outputs(result).items()
