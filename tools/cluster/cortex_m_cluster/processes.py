# SPDX-License-Identifier: Apache-2.0
"""Processes that end with the one that started them."""

import contextlib
import ctypes
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

READY_S = 60.0
_STOP_S = 5.0
_TAIL = 3000
_PR_SET_PDEATHSIG = 1


class ClusterError(RuntimeError):
    """A part of the cluster does not work; the message says which one, and why."""


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Service:
    """A running program whose output goes to a file.

    Args:
        name: what messages call it.
        command: the program and its arguments.
        log: file for what it prints.
        env: its whole environment.
    """

    def __init__(self, name: str, command: Sequence[str], log: Path, env: Mapping[str, str]):
        self.name = name
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # An interrupt from the terminal is for the one who starts and stops, not for all.
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )

    def wait_until(self, ready: Callable[[], bool]) -> None:
        """Waits until the program serves.

        Raises:
            ClusterError: it ended, or took too long; with the end of its output.
        """
        end = time.monotonic() + READY_S
        while not ready():
            self.check()
            if time.monotonic() > end:
                self._fail(f"does not answer after {READY_S:.0f} s")
            time.sleep(0.05)

    def check(self) -> None:
        """Raises a ClusterError if it has ended."""
        if self.process.poll() is not None:
            self._fail(f"ended with {self.process.returncode}")

    def _fail(self, problem: str) -> NoReturn:
        said = self.log.read_text(errors="replace")[-_TAIL:]
        raise ClusterError(f"{self.name} {problem}; it said ({self.log}):\n{said}")

    def kill(self) -> None:
        """Ends it at once, as a crash would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Ends it; kills it if it does not heed that in time."""
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(_STOP_S)
        self.kill()


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def listens(port: int) -> bool:
    """Whether somebody listens on a port of loopback."""
    with socket.socket() as client:
        client.settimeout(1.0)
        return client.connect_ex(("127.0.0.1", port)) == 0
