# SPDX-License-Identifier: Apache-2.0
"""Messages to whoever waits for a lowering."""

import sys
import time


class Progress:
    """Receives the messages of one lowering; this one drops them."""

    def step(self, message: str) -> None:
        """A step begins or is done."""

    def warn(self, message: str) -> None:
        """Something the user should know although the lowering goes on."""


class ConsoleProgress(Progress):
    """Prints steps with the seconds since the start, and warnings, on stderr.

    Attributes:
        quiet: print warnings only.
    """

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet
        self._start = time.monotonic()

    def step(self, message: str) -> None:
        if not self.quiet:
            elapsed = time.monotonic() - self._start
            print(f"[{elapsed:6.1f} s] {message}", file=sys.stderr, flush=True)

    def warn(self, message: str) -> None:
        print(f"cortex_m_lowering: warning: {message}", file=sys.stderr, flush=True)
