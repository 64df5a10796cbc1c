# SPDX-License-Identifier: Apache-2.0
"""A case runner kept alive in the emulator, which answers each case as it comes."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import time
from pathlib import Path

from kernel_cases.case_file import Case, begin_stream, write_case

_SECONDS = 15


class Runner:
    """One booted image; booted again after a case that it did not survive.

    Args:
        command: the image's run script.
        folder: where the pipe to it may lie.
    """

    def __init__(self, command: Path, folder: Path) -> None:
        self._command = command
        self._pipe = folder / "cases"
        os.mkfifo(self._pipe)
        self._process: subprocess.Popen | None = None
        self._cases = None

    def failure(self, case: Case, params: bytes) -> str:
        """What the runner says of a case that fails; nothing of one that passes."""
        if self._process is None:
            self._boot()
        with contextlib.suppress(BrokenPipeError):  # the image has ended, and says why
            write_case(self._cases, case, params)
            self._cases.flush()
        said = self._answer()
        if said.endswith("passed\n"):
            return ""
        if not said.endswith("failed\n"):
            self.close()
        return said.removesuffix("failed\n")

    def close(self) -> None:
        """Ends the emulator."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            self._cases.close()
        self._process = self._cases = None

    def _boot(self) -> None:
        self._process = subprocess.Popen(
            [self._command, self._pipe], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
        # A blocking open would wait for ever for an image that never comes to read.
        deadline = time.monotonic() + _SECONDS
        while True:
            try:
                descriptor = os.open(self._pipe, os.O_WRONLY | os.O_NONBLOCK)
                break
            except OSError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{self._command} does not read its cases") from None
                time.sleep(0.01)
        os.set_blocking(descriptor, True)
        self._cases = os.fdopen(descriptor, "wb")
        begin_stream(self._cases)

    def _answer(self) -> str:
        """Everything up to the verdict, or to the end if there is none."""
        said = b""
        deadline = time.monotonic() + _SECONDS
        while not said.endswith((b"passed\n", b"failed\n")):
            wait = max(deadline - time.monotonic(), 0)
            if not select.select([self._process.stdout], [], [], wait)[0]:
                return said.decode("ascii", "replace") + f"no answer for {_SECONDS} s"
            part = os.read(self._process.stdout.fileno(), 4096)
            if not part:
                return said.decode("ascii", "replace") + "the image ended"
            said += part
        return said.decode("ascii", "replace")
