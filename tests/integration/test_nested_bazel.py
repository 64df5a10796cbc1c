# SPDX-License-Identifier: Apache-2.0
"""The means of the other suites: Bazel inside a test, counted and stopped."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from nested_bazel import Bazel, BazelError, Mounts, servers, unpack_sources

BUILD = """
genrule(name = "one", outs = ["one.txt"], cmd = "echo one >$@")
genrule(name = "two", srcs = ["one.txt"], outs = ["two.txt"], cmd = "cat $< >$@; echo two >>$@")
genrule(name = "bad", outs = ["bad.txt"], cmd = "echo no good >&2; false")
genrule(name = "unmade", srcs = ["//nowhere:file"], outs = ["unmade.txt"], cmd = "true")
genrule(name = "slow", outs = ["slow.txt"], cmd = "sleep 600")
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("workspace")
    (folder / "MODULE.bazel").write_text('module(name = "small")\n')
    (folder / "BUILD.bazel").write_text(BUILD)
    (folder / "broken").mkdir()
    (folder / "broken/BUILD.bazel").write_text('fail("what a pity")\n')
    return folder


@pytest.fixture(scope="module")
def bazel(workspace, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bazel")
    with Bazel(workspace, folder, [f"build --disk_cache={folder}/disk"]) as bazel:
        yield bazel
    assert not servers.running(bazel.output_user_root)


def test_actions_are_counted_by_mnemonic_and_where_they_ran(bazel):
    first = bazel.build("//:two", log_spawns=True)
    assert first.actions["Genrule"] == 2
    assert first.executed() == {"Genrule": 2}
    assert not any(spawn.cache_hit for spawn in first.spawns)
    assert first.files["two.txt"].read_text() == "one\ntwo\n"

    again = bazel.build("//:two", log_spawns=True)
    assert again.actions["Genrule"] == 0
    assert again.spawns == []

    bazel.run("clean")
    cached = bazel.build("//:two", log_spawns=True)
    assert cached.actions["Genrule"] == 2
    assert cached.cache_hits() == {"Genrule": 2}
    assert cached.executed() == {}
    assert cached.runners["disk cache hit"] == 2


def test_failures_have_their_stage(bazel):
    targets = ["//:bad", "//:unmade", "//broken:target", "//:two"]
    result = bazel.build("--keep_going", *targets, expect=1)
    assert result.failures == {
        "//:bad": "execution",
        "//:unmade": "analysis",
        "//broken:target": "loading",
    }
    assert "no good" in result.stderr
    assert "what a pity" in result.stderr


def test_an_unexpected_end_shows_what_bazel_said(bazel):
    with pytest.raises(BazelError, match="ended with 1, not 0") as error:
        bazel.build("//:bad")
    assert "no good" in str(error.value)


def test_what_takes_too_long_is_stopped(bazel):
    with pytest.raises(BazelError, match="did not end in 5 s"):
        bazel.build("//:slow", timeout=5)
    assert not servers.running(bazel.output_user_root)


def test_a_killed_test_leaves_no_server(workspace, tmp_path):
    script = (
        "import sys, time; from pathlib import Path; from nested_bazel import Bazel\n"
        "bazel = Bazel(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        'bazel.run("info", "release")\n'
        'print("started", flush=True)\n'
        "time.sleep(600)\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-S", "-s", "-B", "-c", script, workspace, tmp_path / "bazel"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout.readline() == "started\n"
    (server,) = servers.running(tmp_path / "bazel/root")
    child.send_signal(signal.SIGKILL)
    child.wait()
    for _ in range(300):
        if not Path(f"/proc/{server}").exists():
            break
        signal.sigtimedwait([], 0.1)
    assert servers.running(tmp_path / "bazel/root") == []


def test_the_sources_are_those_of_this_repository(tmp_path):
    folder = unpack_sources(tmp_path / "sources")
    assert (folder / "MODULE.bazel").read_text().count('name = "rules_cortex_m"') == 1
    assert (folder / "tests/consumer/bzlmod/MODULE.bazel").exists()
    assert not (folder / ".git").exists()
    assert not (folder / "user.bazelrc").exists()
    assert not list(folder.glob("**/bazel-*"))


def test_a_disk_is_small_and_seen_by_nobody_else(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    with Mounts(tmp_path / "probe") as mounts:
        if mounts.problem:
            pytest.skip(mounts.problem)
        with mounts.disk(folder, "8k") as disk:
            mounts.run("touch", folder / "file")
            assert [path.name for path in disk.files.iterdir()] == ["file"]
            assert list(folder.iterdir()) == []
            with pytest.raises(OSError) as error:
                (disk.files / "file").write_bytes(bytes(16384))
            assert error.value.errno == errno.ENOSPC
            disk.resize("64k")
            (disk.files / "file").write_bytes(bytes(16384))
        mounts.run("test", "!", "-e", folder / "file")


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("echo 'unshare: not permitted' >&2; exit 1", "unshare: not permitted"),
        (None, "unshare: not found"),
    ],
)
def test_a_machine_without_namespaces_says_so(program, words, tmp_path, monkeypatch):
    (tmp_path / "sh").symlink_to("/bin/sh")
    if program:
        (tmp_path / "unshare").write_text(f"#!/bin/sh\n{program}\n")
        (tmp_path / "unshare").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with Mounts(tmp_path / "probe") as mounts:
        assert words in mounts.problem
        assert mounts.launcher(tmp_path) == []
