# SPDX-License-Identifier: Apache-2.0
"""What a plan is made for and with: the core, its instruction set, the versions of this build."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cortex_m_plan.errors import PlanError

_PACKAGES = ("executorch", "torch", "torchao")
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")


@dataclass(frozen=True)
class Build:
    """The side of the tools, beside the program and its report.

    Attributes:
        isa: instruction set of the kernels.
        core: core the firmware is for, e.g. `cortex-m52`; empty if not told.
        executorch_core: the core ExecuTorch's backend lowers for in its place.
        versions: releases of the packages a lowering by this build would use.
    """

    isa: str
    core: str = ""
    executorch_core: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)


def read_lock(path: Path) -> dict[str, str]:
    """The releases of ExecuTorch, torch and torchao that pip's lock pins."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise PlanError(
            f"{path}: the lock cannot be read: {error}",
            fix="give --lock a requirements file with pinned versions, or leave it out",
        ) from None
    pins = dict(found.groups() for line in lines if (found := _PINNED.match(line)))
    versions = {name: pins[name].partition("+")[0] for name in _PACKAGES if name in pins}
    if "executorch" not in versions:
        raise PlanError(
            f"{path}: pins no executorch",
            fix="give --lock the requirements file the lowering tool's environment is made from",
        )
    # The binding is compiled into the executorch wheel and has no number of its own.
    return {**versions, "cmsis_nn_binding": f"executorch {versions['executorch']}"}
