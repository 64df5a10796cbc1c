# SPDX-License-Identifier: Apache-2.0
"""What the reports of a firmware with stored programs say: versions of both sides, and the core."""

import json
import os
from pathlib import Path

REPORTS = {Path(path).name: Path(path) for path in os.environ["REPORTS"].split()}


def plan(name: str) -> dict:
    return json.loads(REPORTS[f"{name}_plan.json"].read_text())


def test_the_lock_has_the_versions_of_the_stored_program():
    versions = plan("stored")["versions"]
    assert versions["findings"] == []
    assert versions["program"] == versions["tool"]
    assert set(versions["tool"]) == {
        "cmsis_nn_binding",
        "executorch",
        "kernel_abi",
        "program_schema",
        "torch",
        "torchao",
    }


def test_an_older_program_shows_both_versions():
    versions = plan("older")["versions"]
    assert versions["program"]["executorch"] == "1.4.0"
    assert versions["tool"]["executorch"] == "1.5.1"
    assert {f["part"]: f["severity"] for f in versions["findings"]} == {
        "cmsis_nn_binding": "warning",
        "executorch": "note",
    }


def test_the_core_and_how_executorch_knows_it():
    target = plan("stored")["target"]
    assert (target["core"], target["isa"]) == ("cortex-m52", "mve")
    assert target["executorch_core"] == "cortex-m55"
    assert "has no cortex-m52" in target["notes"][0]


def test_what_is_loaded():
    whole, part = plan("stored"), plan("older")
    assert (whole["embed"], part["embed"]) == ("program", "constants")
    assert whole["constants"]["live_bytes"] == whole["constants"]["bytes"]
    assert part["constants"]["live_bytes"] < part["constants"]["bytes"]
    assert whole["constants"]["tables"] == part["constants"]["tables"]


def test_float_reports_are_there():
    for name in ("older", "stored"):
        text = REPORTS[f"{name}.float.txt"].read_text()
        assert "passed: none of 9 operators computes in float" in text
