# SPDX-License-Identifier: Apache-2.0
"""What the tests have a worker run: arguments `action=value`, done in their order."""

import importlib
import json
import os
import signal
import subprocess
import sys
import time

from tests.worker import state


def show(what: str) -> None:
    """Prints something about the process as JSON."""
    found = {
        "argv": lambda: sys.argv[1:],
        "count": state.count,
        "cwd": os.getcwd,
        "name": lambda: __name__,
        "path": lambda: sys.path,
        "pid": os.getpid,
        "stdin": sys.stdin.read,
        "threads": lambda: len(os.listdir("/proc/self/task")),
    }
    print(json.dumps(found[what]()))


def leave_running(output: str) -> None:
    """Starts a process that would outlive this one, and prints its number."""
    process = subprocess.Popen(
        ["sleep", "600"], stdout=None if output == "open" else subprocess.DEVNULL
    )
    print(process.pid)


def fail(text: str) -> None:
    raise ValueError(text)


ACTIONS = {
    "abort": lambda _: os.abort(),
    "closed": lambda _: os.closerange(1, 3),
    "exit": lambda status: sys.exit(int(status)),
    "exit-now": lambda status: os._exit(int(status)),
    "fail": fail,
    "import": lambda module: print(importlib.import_module(module).NAME),
    "kill": lambda name: os.kill(os.getpid(), signal.Signals[name]),
    "leave-running": leave_running,
    "print": print,
    "print-error": lambda text: print(text, file=sys.stderr),
    "print-in-c": lambda text: os.write(1, text.encode() + b"\n"),
    "print-many": lambda count: print("x" * int(count)),
    "show": show,
    "sleep": lambda seconds: time.sleep(float(seconds)),
}

if __name__ == "__main__":
    for argument in sys.argv[1:]:
        action, _, value = argument.partition("=")
        ACTIONS[action](value)
