# SPDX-License-Identifier: Apache-2.0
"""BuildGrid and BuildBox workers: everything is executed on machines without the client's files."""

import pytest
from cortex_m_cluster import Cluster
from nested_bazel import Bazel, unpack_sources
from support import LOCAL_FILES, MODEL, PACKAGES, outputs

# Links and boots an image, but compiles no kernels.
BOOT = "//tests/runtime:console_cortex_m55_on_mps3_an547_test"

# The first of them uploads torch: some 15,000 files.
TIMEOUT_S = 1200

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


def test_a_model_is_lowered_and_planned_with_the_same_bytes(bazel, remote):
    result = bazel.build(*remote, *MODEL, log_spawns=True, timeout=TIMEOUT_S)
    assert set(result.executed()) >= {"CortexMLower", "CortexMPlan"}
    assert result.executed() == result.ran_by("remote")
    bazel.run("clean")
    local = bazel.build(*MODEL, log_spawns=True)
    assert not local.ran_by("remote")
    assert outputs(local) == outputs(result)


def test_an_image_is_linked_and_booted(bazel, remote):
    result = bazel.test(*remote, BOOT, log_spawns=True, timeout=TIMEOUT_S)
    assert set(result.executed()) >= {"CppCompile", "CppLink", "TestRunner"}
    assert result.executed() == result.ran_by("remote")
