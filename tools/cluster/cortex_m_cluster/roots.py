# SPDX-License-Identifier: Apache-2.0
"""What of the machine a process sees: bubblewrap's command lines."""

import os
from pathlib import Path

from cortex_m_cluster import programs

# A user of the namespace only. PostgreSQL refuses to run as root, and wants a name for the number.
_USER = "1000"
_PASSWD = f"cluster:x:{_USER}:{_USER}::/:/bin/sh\n"

# The folder of a worker, inside.
WORKER = Path("/worker")

# Of /etc, what programs of /usr need to start.
_SETTINGS = ["alternatives", "ld.so.cache"]


def _start(passwd: Path) -> list[str]:
    passwd.write_text(_PASSWD)
    command = [programs.find("bwrap"), "--die-with-parent", "--unshare-user", "--uid", _USER]
    return [*command, "--gid", _USER, "--unshare-ipc", "--unshare-pid"]


def unprivileged(folder: Path) -> list[str]:
    """The machine, read-only but for a folder, as a user who is not root."""
    passwd = folder.with_name(folder.name + ".passwd")
    return [
        *_start(passwd),
        *["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"],
        *["--bind", str(folder), str(folder), "--ro-bind", str(passwd), "/etc/passwd"],
        "--",
    ]


def small_disk(folder: Path, size: int) -> list[str]:
    """The machine with a file system of so many bytes, in memory, at an existing folder."""
    command = [programs.find("bwrap"), "--die-with-parent", "--unshare-user"]
    command += ["--dev-bind", "/", "/", "--size", str(size), "--tmpfs", str(folder)]
    return [*command, "--"]


def _system_folders() -> list[str]:
    """/bin, /lib and their like, as links or as folders, as this machine has them."""
    arguments = []
    for name in ("bin", "lib", "lib32", "lib64", "sbin"):
        path = Path("/", name)
        if path.is_symlink():
            arguments += ["--symlink", os.readlink(path), str(path)]
        elif path.exists():
            arguments += ["--ro-bind", str(path), str(path)]
    return arguments


def worker(folder: Path) -> list[str]:
    """A machine of its own: /usr (compiler, emulator, libraries) and one folder, seen as WORKER.

    No home, no workspace, no output of a client is there, and nothing an administrator put into
    /usr/local.
    """
    passwd = folder.with_name(folder.name + ".passwd")
    command = [*_start(passwd), "--clearenv", "--setenv", "PATH", "/usr/bin:/bin"]
    command += ["--ro-bind", "/usr", "/usr", *_system_folders()]
    if Path("/usr/local").is_dir():
        command += ["--tmpfs", "/usr/local"]
    for name in _SETTINGS:
        command += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    command += ["--ro-bind", str(passwd), "/etc/passwd"]
    command += ["--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]
    return [*command, "--bind", str(folder), str(WORKER), "--chdir", str(WORKER), "--"]
