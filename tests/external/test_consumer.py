# SPDX-License-Identifier: Apache-2.0
"""tests/consumer: a user's own board, model, pip hub and compiler, with bzlmod and without."""

import pytest
from nested_bazel import Bazel, unpack_sources

WORKSPACES = {
    "bzlmod": [],
    "workspace": ["common --noenable_bzlmod --enable_workspace"],
}


@pytest.mark.parametrize("name", WORKSPACES)
def test_consumer(name, tmp_path):
    rules = unpack_sources(tmp_path / "rules")
    with Bazel(rules / "tests/consumer" / name, tmp_path / "bazel", WORKSPACES[name]) as bazel:
        tested = bazel.test("//firmware/...", log_spawns=True)
        query = 'mnemonic("CppCompile|CppLink|CortexMLower", deps({}))'
        compiled = bazel.run("aquery", query.format("//firmware:product_app")).stdout

    assert tested.executed()["CortexMLower"] == 1
    assert tested.executed()["TestRunner"] == 2
    # The user's compiler and packages did it, and not those the rules bring along.
    commands = [line for line in compiled.splitlines() if "arm-none-eabi-gcc \\" in line]
    assert commands
    assert all("arm_gcc/bin/arm-none-eabi-gcc" in command for command in commands)
    assert "pypi/torch/site-packages/torch/__init__.py" in compiled
    assert "cortex_m_python/site-packages" not in compiled
