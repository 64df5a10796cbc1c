# SPDX-License-Identifier: Apache-2.0
"""BuildBox: a worker with its own cache of inputs, in a root without the client's files."""

from collections.abc import Iterable
from pathlib import Path

from cortex_m_cluster import programs, roots
from cortex_m_cluster.processes import Service

# Inputs that several actions have (Python, torch) are fetched once.
_CACHE_BYTES = "20G"


class Inputs:
    """buildbox-casd: fetches what actions need, and gives each action its folder.

    Args:
        folder: the folder that its workers see as roots.WORKER.
        server: URL of the storage.
    """

    SOCKET = roots.WORKER / "casd.sock"

    def __init__(self, folder: Path, server: str):
        (folder / "tmp").mkdir(parents=True)
        self._socket = folder / self.SOCKET.name
        command = [
            *roots.worker(folder),
            programs.find("buildbox-casd"),
            f"--cas-remote={server}",
            f"--bind=unix:{self.SOCKET}",
            f"--quota-high={_CACHE_BYTES}",
            "--log-level=warning",
            str(roots.WORKER / "cache"),
        ]
        self.service = Service("buildbox-casd", command, folder / "casd.log", {})

    def wait(self) -> None:
        """Waits until it takes connections."""
        self.service.wait_until(self._socket.exists)


def start_worker(folder: Path, server: str, name: str, jobs: int, pools: Iterable[str]) -> Service:
    """Starts a worker.

    Args:
        folder: of its Inputs.
        server: URL of the queue.
        name: of the worker, in logs.
        jobs: actions it executes at once.
        pools: values of the property `Pool` that it serves, besides actions without one.
    """
    command = [
        *roots.worker(folder),
        *["/usr/bin/env", f"TMPDIR={roots.WORKER}/tmp", programs.find("buildbox-worker")],
        f"--bots-remote={server}",
        f"--cas-remote=unix:{Inputs.SOCKET}",
        f"--buildbox-run={programs.find('buildbox-run-hosttools')}",
        # Links into its cache, no daemon of FUSE; each action in a new folder.
        "--runner-arg=--staging-mode=copy-or-link",
        f"--concurrent-jobs={jobs}",
        "--log-level=warning",
    ]
    for pool in pools:
        command += ["--platform", f"Pool={pool}"]
    return Service(f"worker {name}", [*command, name], folder / f"{name}.log", {})
