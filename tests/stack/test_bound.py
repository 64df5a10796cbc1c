# SPDX-License-Identifier: Apache-2.0
"""An image's stack at worst: never below what a run uses, and not absurdly above."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

RUNNER, STACK = map(Path, os.environ["MEASURED"].split())


@pytest.fixture(scope="module")
def stated() -> dict:
    return json.loads(STACK.read_text())


@pytest.fixture(scope="module")
def used() -> int:
    done = subprocess.run([RUNNER], check=True, capture_output=True, text=True)
    return int(re.search(r"stack used (\d+)", done.stdout)[1])


def test_everything_is_known(stated):
    assert stated["unknown"] == []


def test_the_worst_case_bounds_what_is_used(stated, used):
    assert used <= stated["worst_case"] <= stated["reserved"]


@pytest.mark.skipif(not os.environ["DEEPEST_PATH_RUNS"], reason="the deepest path does not run")
def test_the_worst_case_is_not_absurd(stated, used):
    assert stated["worst_case"] <= 1.5 * used + 64


def test_the_path_adds_up(stated):
    assert sum(step["bytes"] for step in stated["path"]) == stated["worst_case"]
    assert stated["path"][0]["function"] == "Reset_Handler"
    for model in stated["models"]:
        assert sum(step["bytes"] for step in model["path"]) == model["worst_case"]
        assert model["path"][0]["function"] == f"{model['name']}_run"
        assert model["worst_case"] <= stated["worst_case"]


def test_the_compiler_told_of_what_it_compiled(stated):
    """The C library and the assembly are all that is left to the machine code."""
    compiled = {one["name"] for one in stated["functions"] if one["source"] == "compiler"}
    assert {"main", "run", "Reset_Handler", "cortex_m_exit", "cortex_m_core_set_up"} <= compiled
    for step in stated["path"]:
        if "_step_" in step["function"] or step["function"].startswith("cortex_m_quantized"):
            assert step["function"] in compiled


def test_a_fault_finds_room_for_its_report(stated):
    """The runtime keeps 256 bytes for it; what the core stacks is not part of that."""
    entry = 108 if stated["fault_report"] > 256 else 36
    assert stated["fault_report"] - entry <= 256
