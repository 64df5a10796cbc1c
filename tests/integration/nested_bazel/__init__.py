# SPDX-License-Identifier: Apache-2.0
"""Runs Bazel inside a test.

workspace = unpack_sources(tmp_path / "workspace")
with Bazel(workspace, tmp_path / "bazel") as bazel:
    result = bazel.build("//firmware:m55_app")
    assert result.actions["CortexMLower"] == 1
"""

from nested_bazel.bazel import Bazel, BazelError, Invocation
from nested_bazel.edit import append, replace
from nested_bazel.machine import MACHINE, Machine
from nested_bazel.mounts import Disk, Mounts
from nested_bazel.outputs import EVERY_GROUP, Outputs, describe
from nested_bazel.result import Result, Spawn
from nested_bazel.sources import unpack_sources
from nested_bazel.workers import Busy, busy_worker, workers

__all__ = [
    "EVERY_GROUP",
    "MACHINE",
    "Bazel",
    "BazelError",
    "Busy",
    "Disk",
    "Invocation",
    "Machine",
    "Mounts",
    "Outputs",
    "Result",
    "Spawn",
    "append",
    "busy_worker",
    "describe",
    "replace",
    "unpack_sources",
    "workers",
]
