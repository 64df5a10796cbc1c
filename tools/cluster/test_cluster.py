# SPDX-License-Identifier: Apache-2.0
"""What of a cluster needs no server: messages, and that nothing outlives who started it."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from cortex_m_cluster import Cluster, ClusterError, programs, roots
from cortex_m_cluster.processes import Service

ENV = {"PATH": os.environ["PATH"]}


def alive(pid):
    try:
        return os.waitpid(pid, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        pass
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().split()[2] != "Z"
    except OSError:
        return False


def test_a_missing_program_is_named_with_its_package(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(programs, "_POSTGRESQL", "/nowhere/*/bin")
    with pytest.raises(ClusterError, match=r"no postgres .*apt-get install postgresql"):
        programs.find("postgres")
    with pytest.raises(ClusterError, match=r"no buildbox-worker .*apt-get install buildbox"):
        programs.find("buildbox-worker")


def test_a_port_that_is_taken_is_named(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(ClusterError, match=f"127.0.0.1:{port} already"):
            Cluster(tmp_path, tmp_path, port)


def test_a_server_that_does_not_start_shows_what_it_said(tmp_path):
    (tmp_path / "packages").mkdir()
    with pytest.raises(ClusterError, match=r"(?s)BuildGrid ended with 1; .*No module named"):
        Cluster(tmp_path / "packages", tmp_path)


def test_stop_ends_also_what_does_not_listen(tmp_path):
    command = ["sh", "-c", 'trap "" TERM; echo on; while :; do sleep 0.1; done']
    service = Service("deaf", command, tmp_path / "log", ENV)
    service.wait_until(lambda: (tmp_path / "log").read_text() == "on\n")
    service.stop()
    assert service.process.returncode == -signal.SIGKILL


def test_a_killed_cluster_leaves_nothing_behind(tmp_path):
    start = (
        "import time; from pathlib import Path; from cortex_m_cluster.processes import Service;"
        f"s = Service('s', ['sleep', '60'], Path({str(tmp_path)!r}) / 'log', {ENV!r});"
        "print(s.process.pid, flush=True); time.sleep(60)"
    )
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-S", "-s", "-B", "-c", start]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=env) as parent:
        child = int(parent.stdout.readline())
        assert alive(child)
        parent.kill()
    end = time.monotonic() + 10
    while alive(child):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_worker_sees_usr_and_its_folder_only(tmp_path):
    (tmp_path / "worker").mkdir()
    command = [*roots.worker(tmp_path / "worker"), "/bin/sh", "-c"]
    look = f"ls / && test ! -e {tmp_path}/worker && env && echo > /worker/made"
    done = subprocess.run([*command, look], capture_output=True, text=True, env={"SECRET": "x"})
    assert done.returncode == 0, done.stderr
    seen = {line for line in done.stdout.splitlines() if "=" not in line}
    assert seen <= {
        "bin",
        "dev",
        "etc",
        "lib",
        "lib32",
        "lib64",
        "proc",
        "sbin",
        "tmp",
        "usr",
        "worker",
    }
    assert "SECRET" not in done.stdout
    assert (tmp_path / "worker/made").exists()


def test_a_small_disk_takes_no_more(tmp_path):
    command = [*roots.small_disk(tmp_path, 100_000), "dd", "if=/dev/zero", f"of={tmp_path}/file"]
    done = subprocess.run([*command, "bs=1000", "count=1000"], capture_output=True, text=True)
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert not (tmp_path / "file").exists()
