# SPDX-License-Identifier: Apache-2.0
"""One of upstream's test cases."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

SKIPPED_BY_UPSTREAM = "upstream skips it"
MISSING_PACKAGE = "needs a package that is no dependency"
EXPECTED_TO_FAIL = "upstream expects it to fail"
REFUSED = "refused by the lowering"
NO_KERNEL = "refused by the plan"


@dataclass
class Case:
    """A model as one of upstream's tests lowers it.

    Attributes:
        id: the pytest id of the first test that lowers it, with its file.
        name: unique in its file; a C identifier.
        module: the eager model.
        inputs: example inputs.
        calibration: calibration samples; None means the example inputs.
        quantizer: what it is quantized with; None leaves the model as it is.
        passes: whether the backend's passes run.
        expected_failure: upstream's reason why a test of it fails.
    """

    id: str
    name: str
    module: Any
    inputs: tuple
    calibration: list[tuple] | None
    quantizer: Any
    passes: bool
    expected_failure: str = ""
    twins: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class NotRun:
    """A case without a program: why, in one line, under one of the headings above."""

    id: str
    heading: str
    reason: str


def c_name(node: str) -> str:
    """A C identifier: `add_self_scalar` of ops/test_add.py::test_dialect_add[...self_scalar]."""
    file, _, test = node.partition("::")
    function, _, parameter = test.partition("[")
    name = re.sub(r"^test_", "", file.rpartition("/")[2].removesuffix(".py"))
    function = re.sub(r"^test_(dialect_|implementation_|executorch_)?", "", function)
    parameter = re.sub(r"^cortex-m55-?", "", parameter.rstrip("]"))
    for part in (function, parameter):
        name = part if part.startswith(name) else f"{name}_{part}" if part else name
    return re.sub(r"\W+", "_", name)
