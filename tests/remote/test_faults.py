# SPDX-License-Identifier: Apache-2.0
"""Caches that are killed, out of order, or none at all."""

import os
import socket
import subprocess
import threading
import time

import pytest
from cortex_m_cluster import Cluster
from support import MODEL, PACKAGES, SMALL, differences, grpc_script

# Among the first things stored are the results of some compiles.
SOME_FILES = 20


def test_a_server_killed_in_mid_build_costs_time_only(clean, first, tmp_path):
    with Cluster(PACKAGES, tmp_path) as server:
        options = (f"--remote_cache={server.address}", "--remote_retries=1", "--jobs=2")
        invocation = clean.start("build", *options, *SMALL, log_spawns=True)
        stored = tmp_path / "buildgrid/storage"
        _wait(lambda: _files(stored) > SOME_FILES or invocation.process.poll() is not None)
        assert invocation.process.poll() is None, invocation.stderr()
        server.kill()
        result = invocation.wait()
    assert result.exit_code == 0, result.stderr
    assert result.executed()["CppLink"] == 1
    assert result.cache_hits() == {}
    assert differences(result, first.outputs) == []


def _files(folder):
    return sum(path.is_file() for path in folder.rglob("*"))


def _wait(condition, timeout=120.0):
    end = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def faulty(request, cluster):
    """Address of a server with the fault that the test names."""
    probe = socket.create_server(("127.0.0.1", 0))
    port = probe.getsockname()[1]
    probe.close()
    server = subprocess.Popen(**grpc_script("faulty_server.py", request.param, port, cluster.port))
    try:
        _wait(lambda: _answers(port) or server.poll() is not None)
        yield f"grpc://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


def _answers(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize(
    ("faulty", "targets", "work"),
    [
        ("corrupt", MODEL, {"CortexMLower", "CortexMPlan"}),
        ("empty", SMALL, {"CppCompile", "CppLink"}),
        ("missing", SMALL, {"CppCompile", "CppLink"}),
        ("refuse", SMALL, {"CppCompile", "CppLink"}),
    ],
    indirect=["faulty"],
)
def test_what_a_faulty_server_has_is_made_here(first, clean, faulty, targets, work):
    options = (f"--remote_cache={faulty}", "--remote_retries=0", "--remote_download_all")
    result = clean.build(*options, *targets, log_spawns=True)
    assert set(result.executed()) >= work
    assert result.cache_hits() == {}
    assert differences(result, first.outputs) == []


@pytest.mark.parametrize(
    ("faulty", "problem"),
    [
        ("corrupt", "does not match received digest"),
        ("missing", "Missing digest"),
    ],
    indirect=["faulty"],
)
@pytest.mark.usefixtures("first")
def test_a_promise_the_server_breaks_later_is_an_error(clean, faulty, problem):
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
        result = clean.build(f"--remote_cache={address}", "--remote_retries=0", *SMALL)
    assert "Failed to query remote execution capabilities" in result.stderr


def _babble(listener):
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        with client:
            client.sendall(os.urandom(2000))
