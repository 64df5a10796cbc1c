# SPDX-License-Identifier: Apache-2.0
"""Versions of the packages that decide what a program looks like."""

from importlib.metadata import version
from typing import Any


def versions() -> dict[str, Any]:
    """Release numbers without local build tags, so that equal releases report equally."""
    releases = {name: version(name).split("+")[0] for name in ("executorch", "torch", "torchao")}
    # The binding is compiled into the executorch wheel and has no number of its own.
    return {**releases, "cmsis_nn_binding": f"executorch {releases['executorch']}"}
