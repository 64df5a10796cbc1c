# SPDX-License-Identifier: Apache-2.0
"""Workers that end with the test."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.worker.harness import SAMPLE, Worker


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Starts workers, which the end of the test ends."""
    workers: list[Worker] = []

    def begin(arguments: Sequence[str] = SAMPLE, **environment: str) -> Worker:
        workers.append(Worker(tmp_path / f"worker-{len(workers)}.log", arguments, **environment))
        return workers[-1]

    yield begin
    for worker in workers:
        worker.kill()


@pytest.fixture
def worker(start: Callable[..., Worker]) -> Worker:
    """A worker that runs tests/worker/sample.py."""
    return start()
