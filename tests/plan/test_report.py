# SPDX-License-Identifier: Apache-2.0
"""The side file: isa, versions, and whether it belongs to the program."""

import json
import re

import pytest
from cortex_m_plan import KERNEL_ABI
from support import Draft, convolution, identity, plan


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


def _port(scale: float | None, zero_point: int | None) -> dict[str, float | int | None]:
    return {"scale": scale, "zero_point": zero_point}


def test_int8_ports_have_the_scales_of_the_report(tmp_path):
    """The program has no quantize or dequantize that would tell them."""
    program = convolution(Draft()).write(
        tmp_path, inputs=[_port(0.5, -3)], outputs=[_port(0.125, 7)]
    )
    assert plan(program, tmp_path / "out") == 0
    header = (tmp_path / "out" / "m.h").read_text()
    assert "#define M_INPUT_0_SCALE 0.5f\n#define M_INPUT_0_ZERO_POINT (-3)\n" in header
    assert "#define M_OUTPUT_0_SCALE 0.125f\n#define M_OUTPUT_0_ZERO_POINT (7)\n" in header
    assert "real = scale * (int8 - -3)." in header and "int8 inside" not in header
    ports = json.loads((tmp_path / "out" / "m_plan.json").read_text())
    assert (ports["inputs"][0]["scale"], ports["outputs"][0]["zero_point"]) == (0.5, 7)


def test_int8_ports_of_the_model_itself_have_no_scale(tmp_path):
    none = _port(None, None)
    program = convolution(Draft()).write(tmp_path, inputs=[none], outputs=[none])
    assert plan(program, tmp_path / "out") == 0
    assert "#define M_INPUT_0_SCALE 0.0f\n" in (tmp_path / "out" / "m.h").read_text()


def test_the_program_is_asked_first(tmp_path):
    program = identity().write(tmp_path, inputs=[_port(9.0, 9)], outputs=[_port(0.25, -7)])
    assert plan(program, tmp_path / "out") == 0
    assert "#define M_INPUT_0_SCALE 0.1f\n" in (tmp_path / "out" / "m.h").read_text()


def test_ports_of_another_program(refused, tmp_path):
    program = identity().write(tmp_path, inputs=[_port(0.5, 1)] * 2)
    assert "2 inputs, the program has 1" in refused(program)
    program = identity().write(tmp_path, outputs=[_port(0.5, 1)] * 2)
    assert "2 outputs, the program has 1" in refused(program)


@pytest.mark.parametrize("port", [_port(1, 0), _port(0.5, None), _port("0.5", 0)])
def test_a_port_that_is_none(refused, tmp_path, port):
    program = identity().write(tmp_path, inputs=[port])
    assert re.search("(scale|zero_point) is missing or not a (float|int)", refused(program))
