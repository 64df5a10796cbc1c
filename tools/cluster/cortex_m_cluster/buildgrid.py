# SPDX-License-Identifier: Apache-2.0
"""BuildGrid: the cache, and the queue that workers take actions from."""

import os
import subprocess
import sys
from pathlib import Path

from cortex_m_cluster import roots
from cortex_m_cluster.processes import ClusterError, Service, listens

# Uploads, builds and workers that wait hold a thread each; without a free one BuildGrid refuses.
_THREADS = 1000

_CACHE = """\
description: cortex_m_cluster
server:
  - !channel
    address: "127.0.0.1:{port}"
    insecure-mode: true
authorization: {{method: none}}
monitoring: {{enabled: false}}
thread-pool-size: {threads}
storages:
  - !disk-storage &storage
    path: "{storage}"
caches:
  - !lru-action-cache &cache
    storage: *storage
    max-cached-refs: 1000000
    allow-updates: true
    cache-failed-actions: false
"""

# Workers differ in their pool only. Bazel also sends a platform's properties of the exec groups
# that an action's rule does not have, under their full names.
_SCHEDULER = """\
connections:
  - !sql-connection &database
    connection-string: "{database}"
schedulers:
  - !sql-scheduler &scheduler
    sql: *database
    storage: *storage
    action-cache: *cache
    poll-interval: 0.1
    bot-poll-interval: 0.1
    property-set:
      !dynamic-property-set
      match-property-keys: [Pool]
      wildcard-property-keys: [emulate.Pool, lower.Pool]
    assigners:
      - !priority-age-assigner
        count: 1
        interval: 0.05
"""

_SERVICES = """\
instances:
  - name: ""
    services:
      - !action-cache
        cache: *cache
      - !cas
        storage: *storage
      - !bytestream
        storage: *storage
"""

_EXECUTION = """\
      - !execution
        scheduler: *scheduler
"""


class BuildGrid:
    """A BuildGrid server.

    Args:
        packages: folder with the package `buildgrid` and what it needs.
        folder: folder for its files; what it has stored in it before is served again.
        port: of loopback, to listen on.
        database: URL of the scheduler's database; None: only a cache.
        disk_bytes: size of the disk that it stores on, which then is in memory; None: the folder's.
    """

    def __init__(
        self,
        packages: Path,
        folder: Path,
        port: int,
        database: str | None = None,
        disk_bytes: int | None = None,
    ):
        storage = folder / "storage"
        storage.mkdir(parents=True, exist_ok=True)
        self._env = {
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "PATH": os.defpath,
            "PYTHONPATH": str(packages),
        }
        self._port = port
        if database:
            self._migrate(database)
        config = folder / "buildgrid.yml"
        config.write_text(
            _CACHE.format(port=port, threads=_THREADS, storage=storage)
            + (_SCHEDULER.format(database=database) if database else "")
            + _SERVICES
            + (_EXECUTION if database else "")
        )
        root = roots.small_disk(storage, disk_bytes) if disk_bytes else []
        command = [*root, *self._command("server", "start", str(config))]
        self.service = Service("BuildGrid", command, folder / "log", self._env)

    @staticmethod
    def _command(*arguments: str) -> list[str]:
        start = "from buildgrid.server.app import cli; cli()"
        return [sys.executable, "-P", "-S", "-s", "-B", "-c", start, *arguments]

    def _migrate(self, database: str) -> None:
        """Makes the tables."""
        command = self._command("migrate", "apply", database)
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=self._env)
        if done.returncode:
            raise ClusterError(f"BuildGrid could not make its tables:\n{done.stderr}")

    def wait(self) -> None:
        """Waits until it takes connections."""
        self.service.wait_until(lambda: listens(self._port))
