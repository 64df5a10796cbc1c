# SPDX-License-Identifier: Apache-2.0
"""BuildGrid and BuildBox workers: everything is executed on machines without the client's files."""

import subprocess

import pytest
from support import MODEL, SMALL, SMALL_TEST, differences, grpc_script

# Torch is uploaded: some 16,000 files.
TIMEOUT_S = 1200

# Tells what a worker sees of the client's machine.
LOOK = """\
genrule(
    name = "look",
    outs = ["seen.txt"],
    cmd = "for path in {paths}; do test ! -e $$path || echo $$path; done > $@",
)
"""


@pytest.fixture
def remote(cluster):
    return ("--config=remote", f"--remote_executor={cluster.address}", "--noremote_local_fallback")


@pytest.fixture
def worker(cluster):
    """Tells which worker executed a spawn."""

    def ask(spawn):
        script = grpc_script("executed_by.py", cluster.port, *spawn.action.split())
        done = subprocess.run(**script, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout.strip()

    return ask


def test_a_worker_sees_nothing_of_the_client(second, remote):
    package = second.workspace / "look"
    package.mkdir()
    paths = f"{second.workspace} {second.folder} /home"
    (package / "BUILD.bazel").write_text(LOOK.format(paths=paths))
    result = second.build(*remote, "//look", log_spawns=True)
    assert result.ran_by("remote") == {"Genrule": 1}
    assert result.files["look/seen.txt"].read_text() == ""


def test_an_image_is_linked_with_the_same_bytes_and_booted(clean, remote, worker, first):
    result = clean.build(*remote, *SMALL, log_spawns=True)
    assert set(result.executed()) >= {"CppArchive", "CppCompile", "CppLink"}
    assert result.executed() == result.ran_by("remote")
    assert differences(result, first.outputs) == []
    assert not any("Pool" in spawn.properties for spawn in result.spawns)
    booted = clean.test(*remote, SMALL_TEST, log_spawns=True)
    assert set(booted.executed()) == {"TestRunner"}
    assert booted.executed() == booted.ran_by("remote")
    for spawn in booted.spawns:
        assert spawn.properties["Pool"] == "emulate"
        assert worker(spawn) == "others"


def test_a_model_is_lowered_and_planned_with_the_same_bytes(clean, remote, worker, first):
    result = clean.build(*remote, *MODEL, log_spawns=True, timeout=TIMEOUT_S)
    assert set(result.executed()) >= {"CortexMLower", "CortexMPlan"}
    assert result.executed() == result.ran_by("remote")
    assert differences(result, first.outputs) == []
    (lowering,) = [spawn for spawn in result.spawns if "Pool" in spawn.properties]
    assert lowering.mnemonic == "CortexMLower"
    assert lowering.properties["Pool"] == "lower"
    assert worker(lowering) == "lower"
