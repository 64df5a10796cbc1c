# SPDX-License-Identifier: Apache-2.0
"""Full disks where Bazel writes: the error says what, where and why; with room all is right."""

import hashlib
import re
from pathlib import Path

import pytest

NO_ROOM = "No space left on device"
LOCAL_ENVIRONMENTAL_ERROR = 36


@pytest.fixture(autouse=True)
def _needs_mounts(mounts):
    if mounts.problem:
        pytest.skip(f"no disk can be made full on this machine: {mounts.problem}")


def test_worker_writes_to_a_full_output_tree(lowering, mounts):
    folder = lowering.folder
    with mounts.disk(folder, "64k") as disk:
        stderr = lowering.build(expect=1).stderr
        assert "Lowering //examples/digits:digits.lowering for mve failed: (Exit 1)" in stderr
        assert re.search(
            rf"cortex_m_lowering: error: --out \S+/{folder.parent.name}/{folder.name}: "
            r"cannot write digits\.\w+, so none of digits.pte, digits.json, digits.vectors: "
            + NO_ROOM,
            stderr,
        )
        # What Bazel writes for the action, and nothing of the action's own.
        left = {path.name for path in disk.files.iterdir()}
        assert left == {"digits.pte-0.params", "digits.pte-1.params"}
        disk.resize("1m")
        assert lowering.build().actions["CortexMLower"] == 1
        assert lowering.read(disk.files) == lowering.content


def test_bazel_copies_to_a_full_output_tree(plan, mounts):
    with mounts.disk(plan.folder, "16k") as disk:
        stderr = plan.build("--spawn_strategy=sandboxed", expect=LOCAL_ENVIRONMENTAL_ERROR).stderr
        assert "Planning //examples/digits:digits_model failed: " in stderr
        assert f"Could not copy outputs from sandbox: {NO_ROOM}" in stderr
        # Bazel may leave a part of an output here, which the next build does not take for one.
        disk.resize("1m")
        assert plan.build("--spawn_strategy=sandboxed").actions["CortexMPlan"] == 1
        assert plan.read(disk.files) == plan.content


def test_full_disk_for_sandboxes(plan, mounts, tmp_path):
    sandboxed = ("--spawn_strategy=sandboxed", f"--sandbox_base={tmp_path}")
    plan.remove()
    with mounts.disk(tmp_path, "8k") as disk:
        stderr = plan.build(*sandboxed, expect=LOCAL_ENVIRONMENTAL_ERROR).stderr
        assert "Planning //examples/digits:digits_model failed: " in stderr
        assert re.search(rf"{tmp_path}\S*: {NO_ROOM}", stderr)
        assert plan.read(plan.folder) == {}
        disk.resize("16m")
        assert plan.build(*sandboxed).actions["CortexMPlan"] == 1
        assert plan.read(plan.folder) == plan.content


def test_full_disk_cache(plan, mounts, tmp_path):
    """It costs what it would have saved, and nothing else."""
    cached = (f"--disk_cache={tmp_path}/cache", "--remote_download_all")
    with mounts.disk(tmp_path, "16k") as disk:
        for size in ("16k", "1m"):
            disk.resize(size)
            plan.remove()
            result = plan.build(*cached)
            assert result.runners["worker"] == result.actions["CortexMPlan"] == 1
            assert plan.read(plan.folder) == plan.content
            check_blobs(disk.files / "cache/cas")
        plan.remove()
        assert plan.build(*cached).runners["disk cache hit"] == 1
        assert plan.read(plan.folder) == plan.content


def check_blobs(folder: Path) -> None:
    """Each file of a cache is named by its bytes."""
    blobs = [path for path in folder.rglob("*") if path.is_file()]
    assert blobs
    for blob in blobs:
        assert hashlib.sha256(blob.read_bytes()).hexdigest() == blob.name
