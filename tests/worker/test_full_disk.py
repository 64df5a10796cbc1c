# SPDX-License-Identifier: Apache-2.0
"""On a full disk an action names file and reason, and leaves nothing that is half written."""

import os
from pathlib import Path

import pytest
from cortex_m_lowering import outputs
from cortex_m_lowering.errors import LoweringError
from cortex_m_plan import output
from cortex_m_plan.errors import PlanError

FULL = "/dev/full"


def test_lowering(tmp_path):
    (tmp_path / f".m.vectors.{os.getpid()}.tmp").symlink_to(FULL)
    files = {"m.pte": b"program", "m.json": b"report", "m.vectors": b"vectors"}
    with pytest.raises(LoweringError) as error:
        outputs.write_all(tmp_path, files)
    assert str(error.value) == (
        f"--out {tmp_path}: cannot write m.vectors, so none of m.pte, m.json, m.vectors: "
        "No space left on device"
    )
    assert list(tmp_path.iterdir()) == []


def test_plan(tmp_path, monkeypatch):
    make = output.tempfile.mkstemp

    def on_full_disk(prefix: str, dir: Path) -> tuple[int, str]:
        descriptor, name = make(prefix=prefix, dir=dir)
        if "plan.json" not in prefix:
            return descriptor, name
        os.close(descriptor)
        return os.open(FULL, os.O_WRONLY), name

    monkeypatch.setattr(output.tempfile, "mkstemp", on_full_disk)
    with pytest.raises(PlanError) as error:
        output.write_all(tmp_path, {"m.h": "header", "m_plan.json": "plan"})
    assert str(error.value) == (
        f"{tmp_path}/m_plan.json: cannot be written: No space left on device\n"
        "  way out: make room there"
    )
    assert list(tmp_path.iterdir()) == []
