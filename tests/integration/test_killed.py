# SPDX-License-Identifier: Apache-2.0
"""A lowering whose process is killed: one clear error, nothing half made, then the same bytes."""

import os
import signal

from nested_bazel import Busy, Result, busy_worker, workers
from product import Product

MODULE = "cortex_m_lowering"
WHAT_FAILED = "Lowering //examples/digits:digits.lowering for mve failed: "


def kill(lowering: Product, process: str, *options: str) -> tuple[Result, Busy]:
    """Builds, and kills a process of the lowering: its `worker` or its `request`."""
    lowering.remove()
    invocation = lowering.start(*options)
    busy = busy_worker(lowering.bazel, MODULE)
    os.kill(getattr(busy, process), signal.SIGKILL)
    return invocation.wait(), busy


def errors(result: Result) -> list[str]:
    return [line for line in result.stderr.splitlines() if line.startswith("ERROR: ")]


def check_failure(result: Result, words: str) -> None:
    assert result.exit_code == 1
    failure, end = errors(result)
    assert WHAT_FAILED in failure
    assert words in result.stderr
    assert end == "ERROR: Build did NOT complete successfully"


def test_killed_worker(lowering, tmp_path):
    cached = (f"--disk_cache={tmp_path}", "--remote_download_all")
    result, busy = kill(lowering, "worker", *cached)
    check_failure(result, "did not return a WorkResponse")
    assert lowering.read(lowering.folder) == {}
    assert not any(path.is_file() for path in tmp_path.glob("ac/**/*"))

    again = lowering.build(*cached)
    assert again.actions["CortexMLower"] == again.runners["worker"] == 1
    assert busy.worker not in workers(lowering.bazel, MODULE)
    assert lowering.read(lowering.folder) == lowering.content

    lowering.remove()
    assert lowering.build(*cached).runners["disk cache hit"] == 1
    assert lowering.read(lowering.folder) == lowering.content


def test_killed_request(lowering):
    """As the system does it when memory runs out."""
    result, busy = kill(lowering, "request")
    check_failure(result, f"{MODULE} was ended by signal 9 (Killed); if memory ran out, let fewer")
    assert lowering.read(lowering.folder) == {}

    assert lowering.build().runners["worker"] == 1
    assert busy.worker in workers(lowering.bazel, MODULE)
    assert lowering.read(lowering.folder) == lowering.content
