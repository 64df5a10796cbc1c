# SPDX-License-Identifier: Apache-2.0
"""Runs the wheel's tests with pytest, each up to the point where it would lower its model."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from upstream_cases import stand_ins
from upstream_cases.case import MISSING_PACKAGE, SKIPPED_BY_UPSTREAM, Case, NotRun, c_name

_TESTS = "backends/cortex_m/test"


class _Recorded(BaseException):
    """Ends a test once its model is known; not an Exception, so that no test catches it."""


def collect(files: list[str]) -> tuple[list[Case], list[NotRun]]:
    """The cases of test files, e.g. `ops/test_add.py`, and their tests that are none.

    A test that lowers the same model with the same inputs as one before it is its twin
    (`test_dialect_...` and `test_implementation_...`) and gives no case of its own.
    """
    stand_ins.install()
    recorder = _Recorder()
    recorder.patch()
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    root = tests_folder()
    pytest.main(
        [
            *(str(root / file) for file in files),
            f"--rootdir={root}", f"--confcutdir={root}", f"-c{os.devnull}",
            "-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:faulthandler",
            "--continue-on-collection-errors", "--assert=plain", "--import-mode=importlib",
        ],
        plugins=[recorder],
    )  # fmt: skip
    if recorder.failures:
        raise RuntimeError("failed before they lowered a model:\n" + "\n".join(recorder.failures))
    return list(recorder.cases.values()), recorder.not_run


def tests_folder() -> Path:
    """The folder of the Cortex-M tests in the executorch wheel."""
    package = importlib.util.find_spec("executorch").submodule_search_locations[0]
    return Path(package) / _TESTS


class _Recorder:
    """A pytest plugin that keeps what the tests lower."""

    def __init__(self) -> None:
        self.cases: dict[str, Case] = {}
        self.not_run: list[NotRun] = []
        self.failures: list[str] = []
        self._expected: dict[str, str] = {}
        self._found: tuple | None = None

    def patch(self) -> None:
        """Makes the tester record its stages instead of running them."""
        from executorch.backends.cortex_m.test.tester import CortexMTester
        from executorch.backends.test.harness.stages import StageType

        def run_stage(tester: Any, stage: Any, inputs: Any = None, **_: Any) -> Any:
            pending = vars(tester).setdefault("_pending", [])
            pending.append((stage, inputs))
            if stage.stage_type() == StageType.RUN_PASSES:
                self._found = (tester, {kept.stage_type().name: kept for kept, _ in pending})
                raise _Recorded
            return tester

        original = CortexMTester._run_stage
        get_artifact = CortexMTester.get_artifact

        def run_pending(tester: Any, *args: Any) -> Any:
            # A test that looks at an early stage needs it after all.
            for stage, inputs in vars(tester).pop("_pending", []):
                original(tester, stage, inputs)
            return get_artifact(tester, *args)

        CortexMTester._run_stage = run_stage
        CortexMTester.get_artifact = run_pending
        CortexMTester.check_count = lambda tester, _: tester

    def pytest_collection_modifyitems(self, items: list) -> None:
        # A test that is cut short neither fails nor passes, nor need it be skipped: the mark
        # becomes a note.
        for item in items:
            marks = [mark for mark in item.own_markers if mark.name in ("xfail", "skip")]
            reasons = [mark.kwargs.get("reason") or mark.args[0] for mark in marks]
            self._expected[item.nodeid] = " ".join(reasons)
            item.own_markers = [mark for mark in item.own_markers if mark not in marks]
        self._take_unparametrized(items)

    def _take_unparametrized(self, items: list) -> None:
        """Takes the data of tests that ask for a case, but are never given one (the LSTM's)."""
        for item in list(items):
            names = item._fixtureinfo.argnames
            if "test_case" not in names or "test_case" in item.callspec.params:
                continue
            items.remove(item)
            for name, data in item.module.test_cases.items():
                node = f"{item.nodeid.rstrip(']')}-{name}]"
                self._expected[node] = self._expected[item.nodeid]
                tester = SimpleNamespace(
                    original_module=data.model.eval(), example_inputs=data.get_example_inputs()
                )
                self._keep(node, tester, _default_stages())

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: Any) -> bool:
        names = pyfuncitem._fixtureinfo.argnames
        self._found = None
        try:
            pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names})
        except _Recorded:
            self._keep(pyfuncitem.nodeid, *self._found)
        return True

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            text = str(report.longrepr)
            missing = re.findall(r"^E\s+ModuleNotFoundError: (.*)$", text, re.MULTILINE)
            if missing:
                self._omit(report.nodeid, MISSING_PACKAGE, missing[-1])
            else:
                self.failures.append(f"{report.nodeid}: {text}")
        elif report.skipped:
            self._omit(report.nodeid, MISSING_PACKAGE, _skip_reason(report))

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.skipped:
            self._omit(report.nodeid, SKIPPED_BY_UPSTREAM, _skip_reason(report))
        elif report.failed:
            self.failures.append(f"{report.nodeid}: {report.longrepr}")

    def _omit(self, name: str, heading: str, reason: str) -> None:
        entry = NotRun(name, heading, reason)
        if entry not in self.not_run:
            self.not_run.append(entry)

    def _keep(self, node: str, tester: Any, stages: dict[str, Any]) -> None:
        quantize, passes = stages.get("QUANTIZE"), stages["RUN_PASSES"]
        calibration = getattr(quantize, "calibration_samples", None)
        identity = (
            id(tester.original_module),
            *(_digest(value) for value in tester.example_inputs),
            None if calibration is None else id(calibration),
            None if quantize is None else type(quantize).__name__,
            bool(passes.pass_list),
        )
        key = repr(identity)
        expected_failure = self._expected[node]
        if key in self.cases:
            case = self.cases[key]
            case.twins.append(node)
            case.expected_failure = case.expected_failure or expected_failure
            return
        self.cases[key] = Case(
            id=node,
            name=self._unique(c_name(node)),
            module=tester.original_module,
            inputs=tuple(_copy(value) for value in tester.example_inputs),
            calibration=calibration,
            quantizer=getattr(quantize, "quantizer", None),
            passes=bool(passes.pass_list),
            expected_failure=expected_failure,
        )

    def _unique(self, name: str) -> str:
        taken = {case.name for case in self.cases.values()}
        names = (name, *(f"{name}_{number}" for number in range(2, len(taken) + 3)))
        return next(candidate for candidate in names if candidate not in taken)


def _default_stages() -> dict[str, Any]:
    from executorch.backends.cortex_m.test.tester import CortexMQuantize, CortexMRunPasses

    return {"QUANTIZE": CortexMQuantize(), "RUN_PASSES": CortexMRunPasses()}


def _copy(value: Any) -> Any:
    return value.detach().clone() if isinstance(value, torch.Tensor) else value


def _digest(value: Any) -> str:
    if not isinstance(value, torch.Tensor):
        return repr(value)
    layout = f"{tuple(value.shape)} {value.stride()} {value.dtype} "
    data = value.detach().contiguous().numpy().tobytes()
    return layout + hashlib.sha256(data).hexdigest()


def _skip_reason(report: Any) -> str:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return reason.removeprefix("Skipped: ")
