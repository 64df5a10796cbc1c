# SPDX-License-Identifier: Apache-2.0
"""BuildGrid as a remote cache: shared between checkouts, killed, and out of order."""

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from cortex_m_cluster import Cluster
from nested_bazel import Bazel, unpack_sources
from support import LOCAL_FILES, MODEL, PACKAGES, SHARED, outputs

APPS = ("//firmware:m4_app", "//firmware:m55_app")
KERNELS = ("//kernels:kernels", "--platforms=//toolchains/platforms:cortex_m0plus")


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    with Cluster(PACKAGES, tmp_path_factory.mktemp("cache")) as started:
        yield started


@pytest.fixture(scope="module")
def first(tmp_path_factory, cache):
    """What the first checkout built, which filled the cache."""
    folder = tmp_path_factory.mktemp("first")
    workspace = unpack_sources(folder / "workspace")
    with Bazel(workspace, folder, [f"build --remote_cache={cache.address}"]) as bazel:
        return bazel.build(*APPS, log_spawns=True)


@pytest.fixture(scope="module")
def second(tmp_path_factory):
    """Bazel in another checkout."""
    folder = tmp_path_factory.mktemp("second")
    workspace = unpack_sources(folder / "elsewhere" / "workspace")
    with Bazel(workspace, folder, [LOCAL_FILES]) as bazel:
        yield bazel


@pytest.fixture
def clean(second):
    """`second` with empty outputs."""
    second.run("clean")
    return second


def test_a_second_checkout_executes_nothing(clean, cache, first):
    result = clean.build(f"--remote_cache={cache.address}", *APPS, log_spawns=True)
    assert first.executed()["CortexMLower"] == len(APPS)
    assert set(first.executed()) >= SHARED
    assert result.executed() == {}
    assert result.cache_hits() == first.executed()
    assert outputs(result) == outputs(first)


def test_without_the_bytes_nothing_is_fetched_that_nobody_reads(clean, cache, first):
    options = (f"--remote_cache={cache.address}", "--remote_download_minimal")
    result = clean.build(*options, *APPS, log_spawns=True)
    assert result.executed() == {}
    images = [path for path in result.files.values() if path.suffix == ".elf"]
    assert images
    assert not [path for path in images if path.exists()]
    # The image is fetched when it is run.
    ran = clean.run("run", *options, "//firmware:m55_app")
    assert "mismatches 0" in ran.stdout


def test_a_server_killed_in_mid_build_costs_time_only(clean, tmp_path):
    build = ("--remote_retries=1", "--jobs=2", *KERNELS)
    (tmp_path / "server").mkdir()
    with Cluster(PACKAGES, tmp_path / "server") as server:
        option = f"--remote_cache={server.address}"
        invocation = clean.start("build", option, *build, log_spawns=True)
        stored = tmp_path / "server/buildgrid/storage"
        _wait(lambda: len(list(stored.rglob("*"))) > 60 or invocation.process.poll() is not None)
        assert invocation.process.poll() is None, invocation.stderr()
        server.kill()
        result = invocation.wait()
    assert result.exit_code == 0, result.stderr
    clean.run("clean")
    alone = clean.build(*KERNELS, log_spawns=True)
    assert result.executed() == alone.executed()
    assert outputs(result) == outputs(alone)


def _wait(condition, timeout=120.0):
    end = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def faulty(request, cache):
    """Address of a server with the fault that the test names."""
    probe = socket.create_server(("127.0.0.1", 0))
    port = probe.getsockname()[1]
    probe.close()
    script = Path(__file__).with_name("faulty_server.py")
    command = [sys.executable, "-P", "-S", "-s", "-B", script, request.param]
    server = subprocess.Popen(
        [*command, str(port), str(cache.port)], env={"PYTHONPATH": str(PACKAGES)}
    )
    try:
        _wait(lambda: _answers(port) or server.poll() is not None)
        yield f"grpc://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


def _answers(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def sound(second, cache):
    """MODEL as the sound cache has it."""
    second.run("clean")
    return second.build(f"--remote_cache={cache.address}", *MODEL, log_spawns=True)


@pytest.mark.parametrize("faulty", ["corrupt", "empty", "missing", "refuse"], indirect=True)
def test_what_a_faulty_server_has_is_made_here(sound, clean, faulty):
    options = (f"--remote_cache={faulty}", "--remote_retries=0", "--remote_download_all")
    result = clean.build(*options, *MODEL, log_spawns=True)
    assert result.executed()["CortexMLower"] == 1
    assert result.executed()["CortexMPlan"] == 1
    assert outputs(result) == outputs(sound)


@pytest.mark.parametrize(
    ("faulty", "problem"),
    [
        ("corrupt", "does not match received digest"),
        ("missing", "Missing digest"),
    ],
    indirect=["faulty"],
)
def test_a_promise_the_server_breaks_later_is_an_error(sound, clean, faulty, problem):
    """By default a result's files are fetched when the next action reads them."""
    options = (f"--remote_cache={faulty}", "--remote_retries=0")
    result = clean.build(*options, *MODEL, expect=None)
    assert result.exit_code == 39, result.stderr
    assert problem in result.stderr
    assert "examples/digits/digits.pte" in result.stderr


def test_what_is_no_server_is_told_and_not_asked_again(clean):
    """Somebody answers with other bytes than gRPC's."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"grpc://127.0.0.1:{listener.getsockname()[1]}"
        threading.Thread(target=_babble, args=[listener], daemon=True).start()
        result = clean.build(f"--remote_cache={address}", *MODEL)
    assert "Failed to query remote execution capabilities" in result.stderr


def _babble(listener):
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        with client:
            client.sendall(os.urandom(2000))
