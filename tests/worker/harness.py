# SPDX-License-Identifier: Apache-2.0
"""A worker process, spoken to as Bazel does."""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

START = (sys.executable, "-P", "-S", "-s", "-B", "-m", "cortex_m_worker")
SAMPLE = ("--module", "tests.worker.sample", "--preload", "tests.worker.state")
PATIENCE = 30.0


class Worker:
    """A persistent worker.

    Attributes:
        process: it.
        log: where its stderr goes.
    """

    def __init__(self, log: Path, arguments: Sequence[str], **environment: str) -> None:
        self.log = log
        with log.open("wb") as stderr:
            self.process = subprocess.Popen(
                [*START, *arguments, "--persistent_worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                bufsize=0,
                env=os.environ | environment,
            )

    def write(self, data: bytes) -> None:
        self.process.stdin.write(data)

    def send(self, *arguments: str, roots: Sequence[str] = (), **fields: object) -> None:
        """Sends a request with arguments of the module."""
        request = [*(f"--import-root={root}" for root in roots), "--", *arguments]
        self.write(json.dumps({"arguments": request} | fields).encode() + b"\n")

    def receive(self, patience: float = PATIENCE) -> dict:
        """The next line of stdout, which has to be a response."""
        line = b""
        end = time.monotonic() + patience
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([self.process.stdout], [], [], end - time.monotonic())
            assert ready, f"no response within {patience} s; stderr: {self.log.read_text()}"
            chunk = os.read(self.process.stdout.fileno(), 1 << 16)
            assert chunk, f"stdout ended after {line!r}; stderr: {self.log.read_text()}"
            line += chunk
        return json.loads(line)

    def run(self, *arguments: str, **options: object) -> dict:
        """Sends a request and waits for its response."""
        self.send(*arguments, **options)
        return self.receive()

    def end(self) -> int:
        """Ends stdin; returns the worker's exit status."""
        self.process.stdin.close()
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """Ends the process, if it has not ended yet."""
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


def run_once(
    folder: Path, request: Sequence[str], arguments: Sequence[str] = SAMPLE, **environment: str
) -> subprocess.CompletedProcess[str]:
    """What an action without a worker runs."""
    file = folder / "request"
    file.write_text("".join(f"{line}\n" for line in request))
    return subprocess.run(
        [*START, *arguments, f"@{file}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        env=os.environ | environment,
    )


def gone(process: int, patience: float = PATIENCE) -> bool:
    """Whether a process ends, or has ended, within that time."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False
