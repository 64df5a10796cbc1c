# SPDX-License-Identifier: Apache-2.0
"""What the tests of this folder build, and how they look at it."""

import os
import sys
from pathlib import Path
from typing import Any

from nested_bazel import Result

# BuildGrid and what it needs. Absolute: Bazel and servers run in other folders.
PACKAGES = Path(os.environ["CLUSTER_PACKAGES"]).resolve()

# What an image is linked from; reports would take a call graph of every kernel.
_ELF = "--output_groups=elf"

# The images of all cores.
MATRIX = (_ELF, "//firmware:all")

# One of them.
IMAGE = (_ELF, "//firmware:m55_app")
IMAGE_TEST = "//firmware:m55_app_on_mps3_an547_test"

# Lowering, its checks and the plan; the kernels are not compiled.
MODEL = ("//examples/digits:digits_model", "--platforms=//toolchains/platforms:cortex_m55")

# A program without model and kernels, and the test that boots it.
SMALL = (_ELF, "//tests/runtime:console_cortex_m55_on_mps3_an547")
SMALL_TEST = "//tests/runtime:console_cortex_m55_on_mps3_an547_test"


def grpc_script(name: str, *arguments: str | int) -> dict[str, Any]:
    """What `subprocess` needs to run a script of this folder with BuildGrid's packages."""
    script = Path(__file__).with_name(name)
    return {
        "args": [sys.executable, "-P", "-S", "-s", "-B", script, *map(str, arguments)],
        "env": {"PYTHONPATH": str(PACKAGES)},
    }


def outputs(*results: Result) -> dict[str, str]:
    """Path -> digest of every output of invocations with `log_spawns`."""
    return {
        path: digest
        for result in results
        for spawn in result.spawns
        for path, digest in spawn.outputs.items()
    }


def differences(result: Result, sound: dict[str, str]) -> list[str]:
    """Outputs of an invocation with `log_spawns` that are not those of sound ones."""
    return [path for path, digest in outputs(result).items() if sound.get(path) != digest]
