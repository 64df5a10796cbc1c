# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL for BuildGrid's queue: no port, no password, gone with the cluster."""

import os
import subprocess
import uuid
from pathlib import Path

from cortex_m_cluster import programs, roots
from cortex_m_cluster.processes import ClusterError, Service

_USER = "buildgrid"
_PORT = 5432


class Database:
    """A PostgreSQL with an empty database.

    Args:
        folder: a new folder for it.
    """

    def __init__(self, folder: Path):
        folder.mkdir()
        data = folder / "data"
        # In Linux's abstract namespace: a path would be too long for a socket in a test's folder.
        self._socket = f"@cortex_m_cluster_{uuid.uuid4().hex}"
        env = {"LC_ALL": "C", "PATH": os.defpath}
        root = roots.unprivileged(folder)
        self._create(root, data, env)
        server = [programs.find("postgres"), "-D", str(data), "-k", self._socket]
        # Nothing of it outlives the cluster, so nothing has to reach the disk.
        server += ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "synchronous_commit=off"]
        self.service = Service("PostgreSQL", [*root, *server], folder / "log", env)

    @staticmethod
    def _create(root: list[str], data: Path, env: dict[str, str]) -> None:
        command = [*root, programs.find("initdb"), "-D", str(data), "-U", _USER]
        command += ["--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=env)
        if done.returncode:
            raise ClusterError(f"PostgreSQL's initdb failed:\n{done.stdout}{done.stderr}")

    @property
    def url(self) -> str:
        """How SQLAlchemy reaches it."""
        return f"postgresql+psycopg2://{_USER}@/postgres?host={self._socket}&port={_PORT}"

    def wait(self) -> None:
        """Waits until it takes connections."""
        ready = b"ready to accept connections"
        self.service.wait_until(lambda: ready in self.service.log.read_bytes())
