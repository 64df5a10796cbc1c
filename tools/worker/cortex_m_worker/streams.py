# SPDX-License-Identifier: Apache-2.0
"""File descriptors 0, 1 and 2: what libraries in C print goes there, too."""

import os
import sys


def take_stdout() -> int:
    """Returns a descriptor of what was stdout; what is printed from now on goes to stderr."""
    sys.stdout.flush()
    taken = os.dup(1)
    os.dup2(2, 1)
    return taken


def redirect(output: int) -> None:
    """Nothing comes from stdin any more, and stdout and stderr go to a descriptor."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    for descriptor in (1, 2):
        os.dup2(output, descriptor)
    os.close(output)
    # So that the lines of both come in their order.
    sys.stdout.reconfigure(line_buffering=True)
    sys.stderr.reconfigure(line_buffering=True)
