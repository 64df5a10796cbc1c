# SPDX-License-Identifier: Apache-2.0
"""The persistent workers of a nested Bazel, and what they are doing."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nested_bazel import servers
from nested_bazel.bazel import Bazel

PATIENCE_S = 120.0


@dataclass(frozen=True)
class Busy:
    """A worker with a request, as process ids.

    Attributes:
        worker: it, which Bazel has started.
        request: its fork, which runs the request.
    """

    worker: int
    request: int


def busy_worker(bazel: Bazel, module: str) -> Busy:
    """Waits until a worker of a module runs a request."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        for worker in workers(bazel, module):
            for request in _children(worker):
                return Busy(worker, request)
        time.sleep(0.01)
    raise AssertionError(f"no worker of {module} got a request within {PATIENCE_S:.0f} s")


def workers(bazel: Bazel, module: str) -> list[int]:
    """The workers of a module."""
    return [
        process
        for server in servers.running(bazel.output_user_root)
        for process in _children(server)
        if {"--persistent_worker", module} <= _command_line(process)
    ]


def _children(process: int) -> Iterator[int]:
    for file in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            yield from map(int, file.read_text().split())
        except OSError:  # a thread that has ended
            continue


def _command_line(process: int) -> set[str]:
    try:
        return set(Path(f"/proc/{process}/cmdline").read_text().split("\0"))
    except OSError:
        return set()
