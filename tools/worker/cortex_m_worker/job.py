# SPDX-License-Identifier: Apache-2.0
"""One request in a process of its own."""

import atexit
import contextlib
import ctypes
import multiprocessing.connection
import os
import signal
import sys
from collections.abc import Callable, Sequence

from cortex_m_worker import streams

_FORK = multiprocessing.get_context("fork")
_CHUNK = 1 << 16
_PR_SET_PDEATHSIG = 1


class Job:
    """A function in a fork of this process, and what it prints.

    The fork leads a process group of its own; what it leaves running is killed with it.
    """

    def __init__(
        self, function: Callable[..., int], arguments: Sequence[object], unshared: Sequence[int]
    ) -> None:
        """Starts it; raises OSError if the system permits no further process.

        Args:
            function: returns an exit status, or raises SystemExit.
            arguments: of the function.
            unshared: descriptors that the fork closes.
        """
        self._output, output = os.pipe()
        os.set_blocking(self._output, False)
        self._open = True
        self._text = b""
        self._process = _FORK.Process(
            target=_child,
            args=(function, arguments, output, [*unshared, self._output], os.getpid()),
        )
        try:
            self._process.start()
        except OSError:
            os.close(self._output)
            raise
        finally:
            os.close(output)
        # The fork does it, too: whoever comes first.
        _lead_group(self._process.pid)

    def descriptors(self) -> list[int]:
        """What to wait for before calling read() and ended()."""
        return [self._process.sentinel, *([self._output] if self._open else [])]

    def read(self) -> None:
        """Takes what was printed and not taken yet; does not wait."""
        with contextlib.suppress(BlockingIOError):
            while self._open:
                chunk = os.read(self._output, _CHUNK)
                self._text += chunk
                self._open = bool(chunk)

    def ended(self) -> bool:
        """Whether the function has ended."""
        return bool(multiprocessing.connection.wait([self._process.sentinel], 0))

    def kill(self) -> None:
        """Ends it and all that it has started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def finish(self) -> tuple[int, str]:
        """Waits for the end; returns the exit status and what was printed.

        The status is -N for what signal N has killed.
        """
        multiprocessing.connection.wait([self._process.sentinel])
        # As long as nobody has waited for the process, no other one can have its number.
        self.kill()
        self.read()
        os.close(self._output)
        self._process.join()
        status = self._process.exitcode
        self._process.close()
        return status, self._text.decode("utf-8", "replace")


def _child(
    function: Callable[..., int],
    arguments: Sequence[object],
    output: int,
    unshared: Sequence[int],
    parent: int,
) -> None:
    _lead_group(0)
    _die_with(parent)
    for descriptor in unshared:
        os.close(descriptor)
    streams.redirect(output)
    try:
        sys.exit(function(*arguments))
    finally:
        # multiprocessing leaves these out.
        atexit._run_exitfuncs()


def _lead_group(process: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.setpgid(process, 0)


def _die_with(parent: int) -> None:
    """Has this process killed when its parent ends, on Linux; elsewhere it runs to its end."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was over before
        os._exit(1)
