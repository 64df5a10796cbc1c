# SPDX-License-Identifier: Apache-2.0
"""Stops the Bazel servers of a folder.

    python3.11 servers.py OUTPUT_USER_ROOT

stops them when its standard input ends, so also when who started it is killed: a server is a
daemon, which nothing else would stop.
"""

import contextlib
import os
import signal
import sys
import time
from pathlib import Path

PATIENCE_S = 10.0


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
    except OSError:
        return ""


def running(output_user_root: Path) -> list[int]:
    """Process ids of the servers of a folder."""
    found = []
    for file in output_user_root.glob("*/server/server.pid.txt"):
        with contextlib.suppress(OSError, ValueError):
            pid = int(file.read_text())
            # Another process may have the number by now.
            if str(output_user_root) in _command_line(pid):
                found.append(pid)
    return found


def stop(output_user_root: Path) -> None:
    """Terminates the servers of a folder, and kills those that do not heed it in time."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        end = time.monotonic() + PATIENCE_S
        for pid in running(output_user_root):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        while running(output_user_root) and time.monotonic() < end:
            time.sleep(0.05)


if __name__ == "__main__":
    sys.stdin.read()
    stop(Path(sys.argv[1]))
