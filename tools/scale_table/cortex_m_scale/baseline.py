# SPDX-License-Identifier: Apache-2.0
"""The lowerings by ExecuTorch's own Python API: one after the other, each in a fresh process."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


class LoweringFailed(Exception):
    """ExecuTorch did not lower a model; the message ends with what it printed."""


@dataclass(frozen=True)
class Python:
    """This interpreter with its packages, executorch_lowering.py, and where models are."""

    script: Path
    models: Path

    def lower(self, factory: str, core: str, program: Path) -> None:
        done = subprocess.run(
            [sys.executable, "-S", "-s", "-B", self.script, factory, core, program],
            cwd=self.models,
            env=os.environ | {"PYTHONPATH": ":".join([str(self.models), *sys.path])},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        if done.returncode:
            tail = "\n".join(done.stdout.splitlines()[-20:])
            raise LoweringFailed(f"{factory} for {core}: exit {done.returncode}\n{tail}")


def one_by_one(python: Python, pairs: Iterable[tuple[str, str]], folder: Path) -> float:
    """Wall seconds to lower all (factory, core) of `pairs`."""
    begin = time.monotonic()
    for factory, core in pairs:
        python.lower(factory, core, folder / "baseline.pte")
    return time.monotonic() - begin
