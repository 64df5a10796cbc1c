# SPDX-License-Identifier: Apache-2.0
"""Versions that travel: a stored program met by another release of the tools."""

import json
import re
from pathlib import Path

import pytest
import support
from cortex_m_plan import KERNEL_ABI
from support import Draft, convolution, identity

ROOT = Path(__file__).absolute().parents[2]
HEADER = ROOT / "kernels" / "include" / "cortex_m" / "kernels.h"

# What the draft of a report says, and nothing else.
LOCK = """\
# written by a tool
executorch==1.5.1 \\
    --hash=sha256:00
torch==2.13.0+cpu \\
    --hash=sha256:00
numpy==2.1.3
"""
VERSIONS = {
    "kernel_abi": KERNEL_ABI,
    "program_schema": "ET12 version 0",
    "executorch": "1.5.1",
    "cmsis_nn_binding": "executorch 1.5.1",
    "torch": "2.13.0",
}


def listing(tmp_path, draft=None, lock=LOCK, more=(), **versions):
    """The plan of a program made with other versions, made with the versions of `lock`."""
    draft = draft or identity()
    program = draft.write(tmp_path, versions={**VERSIONS, **versions})
    (tmp_path / "lock").write_text(lock)
    arguments = ("--lock", str(tmp_path / "lock"), *more)
    assert support.plan(program, tmp_path / "out", more=arguments) == 0
    return json.loads((tmp_path / "out" / "m_plan.json").read_text())


def test_the_same_versions(tmp_path, capsys):
    versions = listing(tmp_path)["versions"]
    assert versions == {"program": VERSIONS, "tool": VERSIONS, "findings": []}
    assert capsys.readouterr().err == ""


def test_without_a_lock_only_what_must_be_equal_is_compared(tmp_path):
    assert support.plan(identity().write(tmp_path), tmp_path / "out") == 0
    versions = json.loads((tmp_path / "out" / "m_plan.json").read_text())["versions"]
    assert versions["tool"] == {"kernel_abi": KERNEL_ABI, "program_schema": "ET12 version 0"}
    assert versions["findings"] == []


def test_another_torch_is_a_note(tmp_path, capsys):
    versions = listing(tmp_path, torch="2.12.1")["versions"]
    assert versions["program"]["torch"] == "2.12.1"
    assert versions["tool"]["torch"] == "2.13.0"
    (finding,) = versions["findings"]
    assert (finding["part"], finding["severity"]) == ("torch", "note")
    assert (finding["program"], finding["tool"]) == ("2.12.1", "2.13.0")
    assert capsys.readouterr().err == ""


def test_another_cmsis_nn_is_a_warning(tmp_path, capsys):
    draft = convolution(Draft(), scratch=128)
    old = {"executorch": "1.4.0", "cmsis_nn_binding": "executorch 1.4.0"}
    versions = listing(tmp_path, draft, **old)["versions"]
    severities = {finding["part"]: finding["severity"] for finding in versions["findings"]}
    assert severities == {"executorch": "note", "cmsis_nn_binding": "warning"}
    message = capsys.readouterr().err
    assert message.startswith("warning: ") and message.count("\n") == 1
    assert "made with cmsis_nn_binding executorch 1.4.0, this build has executorch 1.5.1" in message
    assert "its 1 scratch buffers" in message


def test_scratch_below_the_need_is_refused_by_the_compiler(tmp_path):
    listing(tmp_path, convolution(Draft(), scratch=128), cmsis_nn_binding="executorch 1.4.0")
    source = (tmp_path / "out" / "m_plan.c").read_text()
    assert re.search(
        r"_Static_assert\(\s+CORTEX_M_\w+_SCRATCH\([^)]*\) <= 0,\s+"
        r'"m: instruction 0, quantized_conv2d, needs more scratch than "\s+'
        r'"the 0 B planned"\);',
        source,
    )


def test_a_version_that_is_not_recorded_differs(tmp_path):
    program = identity().write(
        tmp_path, versions={"kernel_abi": KERNEL_ABI, "program_schema": "ET12 version 0"}
    )
    (tmp_path / "lock").write_text(LOCK)
    arguments = ("--lock", str(tmp_path / "lock"))
    assert support.plan(program, tmp_path / "out", more=arguments) == 0
    found = json.loads((tmp_path / "out" / "m_plan.json").read_text())["versions"]["findings"]
    assert [item["part"] for item in found] == ["cmsis_nn_binding", "executorch", "torch"]
    assert "of an unknown version" in found[1]["text"]


@pytest.mark.parametrize(
    ("lock", "expected"), [(None, "cannot be read"), ("torch==2.13.0\n", "pins no executorch")]
)
def test_a_lock_that_is_none(refused, tmp_path, lock, expected):
    if lock is not None:
        (tmp_path / "lock").write_text(lock)
    assert expected in refused(identity(), more=("--lock", str(tmp_path / "lock")))


def test_core_is_stated(tmp_path):
    target = listing(tmp_path, more=("--core", "cortex-m55"))["target"]
    assert target == {
        "core": "cortex-m55",
        "executorch_core": "cortex-m55",
        "isa": "mve",
        "lowered_for": "cortex-m55",
        "notes": [],
    }


def test_m52_is_said_to_stand_as_m55(tmp_path):
    more = ("--core", "cortex-m52", "--executorch-core", "cortex-m55")
    target = listing(tmp_path, more=more)["target"]
    assert (target["core"], target["executorch_core"]) == ("cortex-m52", "cortex-m55")
    mapped, shared = target["notes"]
    assert "has no cortex-m52: it stands as cortex-m55" in mapped
    assert "lowered for cortex-m55, isa mve" in shared


def test_kernels_have_the_abi_of_the_plan():
    (abi,) = re.findall(r"^#define CORTEX_M_KERNEL_ABI (\d+)$", HEADER.read_text(), re.MULTILINE)
    assert int(abi) == KERNEL_ABI
