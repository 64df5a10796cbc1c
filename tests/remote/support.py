# SPDX-License-Identifier: Apache-2.0
"""What the suites of this folder share."""

import os
from pathlib import Path

from nested_bazel import Result

# BuildGrid and what it needs. Absolute: Bazel and servers run in other folders.
PACKAGES = Path(os.environ["CLUSTER_PACKAGES"]).resolve()

# Build events name files where they are here, not where the server has them.
LOCAL_FILES = "build --experimental_build_event_upload_strategy=local"

# Lowering, its checks and the plan; the kernels are not compiled.
MODEL = ("//examples/digits:digits_model", "--platforms=//toolchains/platforms:cortex_m55")

# The work that is worth sharing.
SHARED = {"CortexMLower", "CortexMPlan", "CppCompile", "CppLink"}


def outputs(*results: Result) -> dict[str, str]:
    """Path -> digest of every output of invocations with `log_spawns`."""
    return {
        path: digest
        for result in results
        for spawn in result.spawns
        for path, digest in spawn.outputs.items()
    }
