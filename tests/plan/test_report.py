# SPDX-License-Identifier: Apache-2.0
"""The side file: isa, versions, and whether it belongs to the program."""

import json

import pytest
from cortex_m_plan import KERNEL_ABI
from support import Draft, convolution, identity


def test_missing(refused, tmp_path):
    program = identity().write(tmp_path)
    program.with_suffix(".json").unlink()
    message = refused(program)
    assert "the report of the program cannot be read" in message
    assert "--report" in message


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 2}', "null"])
def test_not_a_report(refused, tmp_path, text):
    program = identity().write(tmp_path)
    program.with_suffix(".json").write_text(text)
    assert "not a report" in refused(program)


def test_not_text(refused, tmp_path):
    program = identity().write(tmp_path)
    program.with_suffix(".json").write_bytes(b"\xff\xfe\x00")
    assert "not a report" in refused(program)


@pytest.mark.parametrize("isa", ["scalar", "dsp"])
def test_another_isa(refused, isa):
    message = refused(identity(), isa=isa)
    assert f"lowered for isa mve, the plan is for {isa}" in message
    assert f"--isa {isa}" in message


def test_kernel_abi(refused, tmp_path):
    versions = {"kernel_abi": 99, "program_schema": "ET12 version 0"}
    program = identity().write(tmp_path, versions=versions)
    assert f"kernel_abi is 99, this plan compiler is for {KERNEL_ABI}" in refused(program)


def test_program_schema(refused, tmp_path):
    program = identity().write(tmp_path, versions={"kernel_abi": KERNEL_ABI})
    assert "program_schema is None" in refused(program)


@pytest.mark.parametrize(
    "name", ["isa", "target", "versions", "instructions", "scratch", "arena_bytes"]
)
def test_missing_part(refused, tmp_path, name):
    program = identity().write(tmp_path)
    report = json.loads(program.with_suffix(".json").read_text())
    del report[name]
    program.with_suffix(".json").write_text(json.dumps(report))
    assert f"{name} is missing" in refused(program)


def test_report_of_another_program(refused, tmp_path):
    program = identity().write(tmp_path, arena_bytes=1)
    assert "describes another program" in refused(program)
    program = identity().write(tmp_path, instructions=[])
    assert "0 instructions, the program has 2" in refused(program)
    described = [{"index": i, "op": "cortex_m::pad"} for i in range(2)]
    program = identity().write(tmp_path, instructions=described)
    assert "instruction 0 as cortex_m::pad" in refused(program)


def test_scratch_of_another_isa(refused, tmp_path):
    """A .pte and a .json of different ISAs have the same instructions and other scratch."""
    draft = convolution(Draft(), scratch=128)
    program = draft.write(tmp_path, scratch=[{"instruction": 0, "bytes": 64}])
    assert "64 B of scratch for instruction 0, the program has 128 B" in refused(program)


def test_scratch_that_is_not_the_bindings(refused, tmp_path):
    draft = convolution(Draft(), scratch=128)
    entry = {"instruction": 0, "op": "cortex_m::quantized_conv2d", "bytes": 128}
    program = draft.write(tmp_path, scratch=[{**entry, "binding_bytes": 132}])
    message = refused(program)
    assert "instruction 0, cortex_m::quantized_conv2d: 128 B of scratch are planned" in message
    assert "asks for 132 B" in message


def test_scratch_buffers_of_one_instruction_are_added_up(planned, tmp_path):
    draft = convolution(Draft(), scratch=128)
    draft.scratches = [{"instruction": 0, "bytes": 100}, {"instruction": 0, "bytes": 28}]
    assert planned(draft)
