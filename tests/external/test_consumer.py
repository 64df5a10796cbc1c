# SPDX-License-Identifier: Apache-2.0
"""tests/consumer: a user's own board, model, pip hub and compiler, with bzlmod and without."""

import pytest
from nested_bazel import Bazel, unpack_sources

# The toolbox adds to this what it has in place of downloads.
WITHOUT_BZLMOD = "common:workspace --noenable_bzlmod --enable_workspace"

ACTIONS = 'mnemonic("CppCompile|CppLink|CortexMLower", deps(//firmware:product_app))'


@pytest.mark.parametrize(
    ("name", "options"),
    # The second makes no reports: they would be the same.
    [("bzlmod", []), ("workspace", ["--config=workspace", "--build_tests_only"])],
)
def test_consumer(name, options, tmp_path):
    rules = unpack_sources(tmp_path / "rules")
    with Bazel(rules / "tests/consumer" / name, tmp_path / "bazel", [WITHOUT_BZLMOD]) as bazel:
        tested = bazel.test(*options, "//firmware/...", log_spawns=True)
        compiled = bazel.run("aquery", *options, ACTIONS).stdout

    assert tested.executed()["CortexMLower"] == 1
    assert tested.ran_by("worker")["CortexMLower"] == 1
    # Each of them is two spawns: the test, and what writes its XML.
    tests = {spawn.label for spawn in tested.spawns if spawn.mnemonic == "TestRunner"}
    assert len(tests) == 2
    # The user's compiler and packages did it, and not those the rules bring along.
    commands = [line for line in compiled.splitlines() if "arm-none-eabi-gcc \\" in line]
    assert commands
    assert all("arm_gcc/bin/arm-none-eabi-gcc" in command for command in commands)
    assert "pypi/torch/site-packages/torch/__init__.py" in compiled
    assert "cortex_m_python/site-packages" not in compiled
