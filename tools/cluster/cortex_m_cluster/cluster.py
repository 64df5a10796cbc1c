# SPDX-License-Identifier: Apache-2.0
"""All parts of a cluster, started and stopped together."""

from pathlib import Path
from typing import Self

from cortex_m_cluster.buildgrid import BuildGrid
from cortex_m_cluster.database import Database
from cortex_m_cluster.processes import ClusterError, Service, free_port, listens
from cortex_m_cluster.workers import Inputs, start_worker


class Cluster:
    """A remote cache, or a remote cache with workers; a context manager that ends them.

    Args:
        packages: folder with BuildGrid and what it needs.
        folder: folder for everything it writes; a storage in it is used again.
        port: of loopback, to listen on; 0: a free one.
        jobs: actions executed at once; 0: none, only a cache.
        disk_bytes: size of the disk of the cache, which then is in memory; None: the folder's disk.
    """

    def __init__(
        self,
        packages: Path,
        folder: Path,
        port: int = 0,
        jobs: int = 0,
        disk_bytes: int | None = None,
    ):
        if port and listens(port):
            raise ClusterError(f"somebody listens on 127.0.0.1:{port} already: choose another port")
        self.folder = folder.resolve()
        self.port = port or free_port()
        self._services: list[Service] = []
        try:
            self._start(packages.resolve(), jobs, disk_bytes)
        except BaseException:
            self.close()
            raise

    def _start(self, packages: Path, jobs: int, disk_bytes: int | None) -> None:
        url = None
        if jobs:
            database = Database(self.folder / "database")
            self._services.append(database.service)
            database.wait()
            url = database.url
        buildgrid = BuildGrid(packages, self.folder / "buildgrid", self.port, url, disk_bytes)
        self._services.append(buildgrid.service)
        buildgrid.wait()
        if jobs:
            self._start_workers(jobs)

    def _start_workers(self, jobs: int) -> None:
        server = f"http://127.0.0.1:{self.port}"
        folder = self.folder / "worker"
        inputs = Inputs(folder, server)
        self._services.append(inputs.service)
        inputs.wait()
        # Lowerings need memory: one at once, however many the other jobs are.
        self._services.append(start_worker(folder, server, "lower", 1, ["lower"]))
        others = max(jobs - 1, 1)
        self._services.append(start_worker(folder, server, "others", others, ["emulate"]))

    @property
    def address(self) -> str:
        """What Bazel's --remote_cache or --remote_executor takes."""
        return f"grpc://127.0.0.1:{self.port}"

    def check(self) -> None:
        """Raises a ClusterError if a part has ended by itself."""
        for service in self._services:
            service.check()

    def kill(self) -> None:
        """Ends everything at once, as a crash of the machine would."""
        for service in reversed(self._services):
            service.kill()

    def close(self) -> None:
        """Stops everything, what was started last first."""
        for service in reversed(self._services):
            service.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
