# SPDX-License-Identifier: Apache-2.0
"""Finds the programs of the machine that a cluster is made of."""

import glob
import shutil

from cortex_m_cluster.processes import ClusterError

# Program -> Debian's package.
_PACKAGES = {
    "buildbox-casd": "buildbox",
    "buildbox-run-hosttools": "buildbox",
    "buildbox-worker": "buildbox",
    "bwrap": "bubblewrap",
    "initdb": "postgresql",
    "postgres": "postgresql",
}

# Debian has no links to the server's programs on PATH.
_POSTGRESQL = "/usr/lib/postgresql/*/bin"


def find(name: str) -> str:
    """The path of a program.

    Raises:
        ClusterError: it is not there; says what to install.
    """
    path = shutil.which(name)
    if path is None and _PACKAGES[name] == "postgresql":
        found = sorted(glob.glob(f"{_POSTGRESQL}/{name}"))
        path = found[-1] if found else None
    if path is None:
        raise ClusterError(
            f"no {name} on this machine; install it: apt-get install {_PACKAGES[name]} "
            "(./bazelw's toolbox has it)"
        )
    return path
