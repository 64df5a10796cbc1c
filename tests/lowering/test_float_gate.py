# SPDX-License-Identifier: Apache-2.0
"""No silent float: what the report says about float operators, and what the gate makes of it."""

import json
from functools import cache

import pytest
from cortex_m_lowering import float_gate
from cortex_m_lowering.movement import only_moves

from tests.lowering.support import lower_now

MODELS = "tests.lowering.float_models"


@cache
def report(model: str) -> dict:
    return lower_now(model=f"{MODELS}:{model}", isa="scalar").report


def reasons(model: str) -> dict[str, str]:
    return {entry["op"]: entry["reason"] for entry in report(model)["float_operators"]}


def test_reasons_of_vector_operators():
    found = reasons("vectors")
    assert set(found) == {
        "aten::leaky_relu",
        "aten::hardtanh",
        "aten::sum",
        "aten::div",
        "aten::mul",
        "aten::native_layer_norm",
        "aten::_softmax",
    }
    no_pattern = "no pattern of ExecuTorch's Cortex-M quantizer covers aten"
    assert found["aten::leaky_relu"].startswith(f"{no_pattern}.leaky_relu.default: relu is")
    assert found["aten::hardtanh"].startswith(f"{no_pattern}.relu6.default: nn.ReLU6 and")
    assert found["aten::sum"] == f"{no_pattern}.sum.dim_IntList"
    assert found["aten::native_layer_norm"].startswith(f"{no_pattern}.layer_norm.default")
    assert found["aten::div"] == (
        "CortexMDivCheck refuses aten.div.Tensor: operands of shapes (2, 8) and (2, 1): it "
        "divides tensors of equal shapes only"
    )
    assert "operands of shapes (2, 8) and (1, 1)" in found["aten::mul"]
    assert found["aten::mul"].endswith(
        "a number becomes int8 as a buffer of the other operand's shape"
    )
    assert found["aten::_softmax"] == (
        "CortexMSoftmaxCheck refuses aten.softmax.int: dim is 0; of a contiguous tensor only the "
        "last dimension is possible"
    )


def test_the_way_out_of_the_reason_works():
    assert report("vectors")["operators"]["cortex_m::quantized_mul"] == 1


def test_reasons_of_image_operators():
    entries = {entry["module"]: entry for entry in report("images")["float_operators"]}
    assert "aten.conv2d.padding: give the padding as numbers" in entries["same"]["reason"]
    assert entries["up"]["reason"] == (
        "CortexMConvTranspose2DCheck refuses aten.conv_transpose2d.input: output_padding is "
        "(1, 1), only 0 is possible"
    )
    assert entries["up"]["source"].startswith("tests/lowering/float_models.py:")
    assert "divisor_override is 3" in reasons("images")["aten::avg_pool2d"]


def test_an_nchw_image_is_named_with_the_way_out():
    (reason,) = reasons("nchw_image").values()
    assert reason.startswith(
        "CortexMConv2DCheck refuses aten.conv2d.default: its output (1, 4, 6, 6) is not "
        "channels-last: give the model channels-last inputs"
    )


def test_a_one_dimensional_convolution_is_named_with_the_way_out():
    reason = reasons("one_dimensional")["aten::convolution"]
    assert "covers aten.conv1d.default: 1-D convolutions are quantized as nn.Conv2d" in reason


def test_moving_float_data_is_no_compute():
    assert report("moved")["float_operators"] == []
    assert [entry["op"] for entry in report("moved")["float_copies"]] == ["aten::embedding"]
    passed, text = float_gate.check(report("moved"), [])
    assert passed
    assert "Moved in float, without computing:\n  aten::embedding  tests/lowering/" in text


@pytest.mark.parametrize(
    ("operator", "dtypes", "moves"),
    [
        ("aten::permute_copy", ["float32", "float32"], True),
        ("dim_order_ops::_to_dim_order_copy", ["float32", "float32"], True),
        ("dim_order_ops::_to_dim_order_copy", ["int32", "float32"], False),
        ("quantized_decomposed::dequantize_per_channel", ["int8", "float32"], True),
        ("aten::mul", ["float32", "float32"], False),
        ("aten::upsample_nearest2d", ["float32", "float32"], False),
    ],
)
def test_what_moves(operator, dtypes, moves):
    assert only_moves(operator, dtypes) is moves


def entry(op: str, module: str = "", reason: str = "it is so") -> dict:
    return {"op": op, "module": module, "source": "m.py:7 f(x)", "node": "n", "reason": reason}


def described(*operators: dict) -> dict:
    names = {"instructions": [{}] * 9, "float_copies": [], "name": "m"}
    return {**names, "float_operators": list(operators)}


POW = entry("aten::pow", "encoder.cell")
EXP = entry("aten::exp", "encoder.cells")


def test_nothing_in_float_passes():
    assert float_gate.check(described(), []) == (
        True,
        "passed: none of 9 operators computes in float\n",
    )


def test_the_refusal_says_what_where_why_and_the_way_out():
    passed, text = float_gate.check(described(POW, POW, EXP), ["aten::exp"])
    assert not passed
    assert text.startswith("FAILED: 2 of 9 operators compute in float\n")
    assert "  aten::pow  (2 times)\n    in   m.py:7 f(x), module encoder.cell\n" in text
    assert "    why  it is so\n" in text
    assert '    allow_float = ["aten::exp", "aten::pow"],\n' in text
    assert "Accepted by allow_float:\n  aten::exp\n" in text


@pytest.mark.parametrize(
    ("allowed", "passes"),
    [
        (["aten::pow", "aten::exp"], True),
        (["encoder"], True),
        (["encoder.cell", "encoder.cells"], True),
        (["encoder.cell"], False),
        (["encoder.cell", "aten::exp"], True),
        (["enc"], False),
        (["aten::pow"], False),
    ],
)
def test_operators_and_modules_are_accepted(allowed, passes):
    assert float_gate.check(described(POW, EXP), allowed)[0] is passes


def test_an_entry_that_accepts_nothing_is_refused():
    passed, text = float_gate.check(described(POW), ["encoder", "aten::tan"])
    assert not passed
    assert text.startswith("FAILED: allow_float has entries that accept nothing\n")
    assert "take it out of allow_float: aten::tan\n" in text


def run(tmp_path, report: str, *arguments: str) -> int:
    path = tmp_path / "m.json"
    path.write_text(report)
    return float_gate.main(["--report", str(path), "--out", str(tmp_path / "o"), *arguments])


def test_command_line(tmp_path, capsys):
    text = json.dumps(described(POW))
    assert run(tmp_path, text, "--allow", "aten::pow", "--label", "//a:b") == 0
    assert capsys.readouterr().err == ""
    assert (tmp_path / "o").read_text().startswith("//a:b: passed: 1 of 9 operators computes")
    assert run(tmp_path, text) == 1
    assert capsys.readouterr().err.startswith("m: FAILED: 1 of 9 operators computes")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"float_operators": [3], "instructions": []}'])
def test_a_file_that_is_no_report(tmp_path, capsys, text):
    assert run(tmp_path, text, "--allow", "aten::pow") == 1
    assert "not a report of cortex_m_lowering" in capsys.readouterr().err
