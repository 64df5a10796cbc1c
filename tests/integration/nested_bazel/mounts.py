# SPDX-License-Identifier: Apache-2.0
"""File systems where Bazel writes: small disks, which are really full."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Self

# Says `made` when disks can be put into the namespace; then holds it until its input ends.
_UNSHARE = 'exec unshare --user --map-root-user --mount sh -c "$1" sh "$2"'
_HOLD = 'mount -t tmpfs tmpfs "$1" && umount "$1" && echo made && exec cat'


class Mounts:
    """A mount namespace for Bazel to run in; a context manager that ends it.

    with Mounts(tmp_path / "probe") as mounts:
        bazel = Bazel(workspace, folder, launcher=mounts.launcher(workspace))
        with mounts.disk(tmp_path / "sandboxes", "64k") as disk:
            bazel.build(f"--sandbox_base={tmp_path}/sandboxes", ..., expect=1)

    Attributes:
        problem: why this machine permits no such namespace, in its own words; empty if it does.
    """

    def __init__(self, probe: Path) -> None:
        """Makes the namespace, if that is possible.

        Args:
            probe: a new folder.
        """
        probe.mkdir(parents=True, exist_ok=True)
        # A shell starts it, which also says so where it is not installed.
        self._holder = subprocess.Popen(
            ["sh", "-c", _UNSHARE, "sh", _HOLD, probe],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        said = self._holder.stdout.readline().strip()
        self.problem = "" if said == "made" else said or "unshare says nothing"

    def launcher(self, folder: Path) -> list[str]:
        """A command that runs another one in the namespace, or as usual where there is none."""
        return [] if self.problem else [*self._enter(), "env", f"--chdir={folder}"]

    @contextlib.contextmanager
    def disk(self, folder: Path, size: str) -> Iterator["Disk"]:
        """A new disk in a folder that exists, until the end of the context.

        Args:
            folder: it is seen there by what runs in the namespace, and by nothing else.
            size: `64k`, `1m`.
        """
        self.run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder)
        try:
            yield Disk(self, folder, Path(f"/proc/{self._holder.pid}/root{folder.resolve()}"))
        finally:
            self.run("umount", folder)

    def run(self, *command: str | Path) -> None:
        """Runs a command in the namespace."""
        subprocess.run([*self._enter(), *command], check=True)

    def close(self) -> None:
        """Ends the namespace when nothing runs in it any more."""
        self._holder.communicate()

    def _enter(self) -> list[str]:
        target = f"--target={self._holder.pid}"
        return ["nsenter", target, "--user", "--mount", "--preserve-credentials"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Disk:
    """A disk of Mounts.

    Attributes:
        files: its folder, as this process can see it.
    """

    def __init__(self, mounts: Mounts, folder: Path, files: Path) -> None:
        self._mounts = mounts
        self._folder = folder
        self.files = files

    def resize(self, size: str) -> None:
        """Gives it another size, with all that is on it."""
        self._mounts.run("mount", "-o", f"remount,size={size}", self._folder)
