# SPDX-License-Identifier: Apache-2.0
"""Stand-ins for modules that the wheel's Cortex-M tests import from the Arm backend's tests.

The real ones load the Arm compiler and pandas: seconds per process, and packages this repository
leaves out. The tests take two names from them, and the tester a third that runs Arm's simulator,
which is not reached here.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from typing import Any

import pytest


def install() -> None:
    """Puts the stand-ins where the imports look first."""
    _module("executorch.backends.arm.test")
    _module(
        "executorch.backends.arm.test.common",
        parametrize=parametrize,
        xfail_type=Any,
        get_u55_compile_spec=None,
    )
    _module("executorch.backends.arm.test.tester")
    _module("executorch.backends.arm.test.tester.arm_tester", Serialize=object)


def parametrize(
    arg_name: str,
    test_data: dict[str, Any],
    xfails: dict[str, Any] | None = None,
    skips: dict[str, str] | None = None,
    strict: bool = True,
    flakies: dict[str, int] | None = None,
) -> Callable:
    """pytest.mark.parametrize over a dictionary of test data by id, with reasons of failure."""
    del flakies
    parameters = []
    for name, data in test_data.items():
        marks = []
        if name in (skips or {}):
            marks.append(pytest.mark.skip(reason=skips[name]))
        if name in (xfails or {}):
            found = xfails[name]
            reason = found if isinstance(found, str) else found[0]
            marks.append(pytest.mark.xfail(reason=reason, strict=strict))
        parameters.append(pytest.param(data, id=name, marks=marks))
    return pytest.mark.parametrize(arg_name, parameters)


def _module(name: str, **members: object) -> None:
    module = types.ModuleType(name)
    module.__path__ = []  # a package: others of these lie inside
    vars(module).update(members)
    sys.modules[name] = module
