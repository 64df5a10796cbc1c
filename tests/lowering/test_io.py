# SPDX-License-Identifier: Apache-2.0
"""int8 inputs and outputs: the same program without its float boundary."""

import copy
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from cortex_m_lowering import LoweringError
from cortex_m_lowering.executorch_adapter.boundary import float_boundary, int8_boundary
from cortex_m_lowering.executorch_adapter.passes import to_edge_dialect
from cortex_m_lowering.executorch_adapter.quantization import quantize
from cortex_m_lowering.model import load_model
from torchao.quantization.pt2e.quantizer import Quantizer

from tests.lowering.support import DIGITS, flatbuffer, lower_now, request

IO_MODELS = "tests.lowering.io_models"
SMALL = "tests.models.small"
BOUNDARY = ("cortex_m::quantize_per_tensor", "cortex_m::dequantize_per_tensor")

# Several inputs and outputs, images, indices; and float compute inside.
MODELS = [
    f"{SMALL}:two_inputs",
    f"{SMALL}:padded_image",
    f"{IO_MODELS}:residual",
    f"{IO_MODELS}:looked_up",
    f"{IO_MODELS}:handed_back",
    f"{IO_MODELS}:returned_twice",
    f"{IO_MODELS}:normalised_first",
]


@cache
def both(model: str):
    """The model lowered with float32 and with int8 I/O."""
    return lower_now(model=model), lower_now(model=model, io="int8")


def quantized(data: bytes, port: dict) -> bytes:
    """What PyTorch's quantize_per_tensor makes of float32 values, in numpy."""
    inverse = np.float32(1.0 / port["scale"])
    values = np.rint(np.frombuffer(data, "<f4") * inverse) + np.float32(port["zero_point"])
    return np.clip(values, -128, 127).astype(np.int8).tobytes()


def dequantized(data: bytes, port: dict) -> bytes:
    """What PyTorch's dequantize_per_tensor makes of int8 values, in numpy."""
    steps = np.frombuffer(data, np.int8).astype(np.float32) - np.float32(port["zero_point"])
    return (steps * np.float32(port["scale"])).astype("<f4").tobytes()


@pytest.mark.parametrize("model", MODELS)
def test_vectors_are_those_of_the_float_program_in_int8(model):
    real, integer = both(model)
    inputs, outputs = integer.report["inputs"], integer.report["outputs"]
    ports = [*inputs, *outputs]
    assert integer.vectors.sizes == tuple(port["bytes"] for port in ports)
    for floats, integers in zip(real.vectors.tensors, integer.vectors.tensors, strict=True):
        for index, (port, want, got) in enumerate(zip(ports, floats, integers, strict=True)):
            if port["dtype"] != "int8":
                assert want == got
            elif index < len(inputs):
                assert quantized(want, port) == got
            else:
                assert want == dequantized(got, port)


@pytest.mark.parametrize("model", MODELS)
def test_only_the_boundary_is_gone(model):
    real, integer = both(model)
    assert (real.report["io"], integer.report["io"]) == ("float32", "int8")
    for kind in ("inputs", "outputs"):
        for before, after in zip(real.report[kind], integer.report[kind], strict=True):
            assert after["dtype"] == before["dtype"].replace("float32", "int8")
            for same in ("shape", "dim_order", "scale", "zero_point"):
                assert after[same] == before[same]
    inner, all_of_them = (
        [entry["op"] for entry in report["instructions"]]
        for report in (integer.report, real.report)
    )
    assert [op for op in inner if op not in BOUNDARY] == [
        op for op in all_of_them if op not in BOUNDARY
    ]
    assert len(inner) < len(all_of_them)
    assert integer.report["arena_bytes"] <= real.report["arena_bytes"]


@pytest.mark.parametrize("model", MODELS)
def test_reports_compare_with_the_float_model_as_before(model):
    real, integer = both(model)
    assert integer.report["agreement"] == real.report["agreement"]
    assert integer.report["calibration"] == real.report["calibration"]
    for kind in ("float_operators", "float_copies"):
        assert [e["op"] for e in integer.report[kind]] == [e["op"] for e in real.report[kind]]
    figures = (
        "float_node", "module", "snr_db", "own_snr_db", "max_error", "clipped", "scale", "reason",
    )  # fmt: skip
    rows = [
        sorted(str([layer.get(name) for name in figures]) for layer in report["layers"])
        for report in (real.report, integer.report)
    ]
    assert rows[0] == rows[1]


def test_the_program_itself_is_int8():
    """Seen by flatc: the types of inputs and outputs, and no method beside forward."""
    _, lowered = both(f"{IO_MODELS}:looked_up")
    (plan,) = flatbuffer(lowered.program)["execution_plan"]
    types = [
        [plan["values"][index]["val"]["scalar_type"] for index in plan[kind]]
        for kind in ("inputs", "outputs")
    ]
    assert types == [["LONG", "CHAR"], ["CHAR", "LONG"]]


def test_an_image_needs_a_quarter_of_the_memory():
    real, integer = both(f"{SMALL}:padded_image")
    assert integer.report["inputs"][0]["bytes"] * 4 == real.report["inputs"][0]["bytes"]
    assert integer.report["arena_bytes"] < 0.6 * real.report["arena_bytes"]


def test_labelled_vectors_and_their_hits(tmp_path):
    with np.load(DIGITS / "heldout.npz") as split:
        np.savez(tmp_path / "few.npz", **{name: split[name][:24] for name in split.files})
    few = lower_now(
        model="examples.digits.model:digits",
        weights=DIGITS / "weights.safetensors",
        calibration=DIGITS / "calibration.npz",
        vectors=tmp_path / "few.npz",
        io="int8",
    ).vectors
    answers = [np.frombuffer(vector[1], np.int8).argmax() for vector in few.tensors]
    assert few.labelled and few.sizes == (64, 10)
    assert few.int8_correct == sum(np.equal(answers, few.labels)) > 20
    assert few.float_correct > 20


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("unread", ["input 'unused' is read by nothing", "or leave the boundary in float32"]),
        ("returns_its_bias", ["output 1 is a constant"]),
        ("compared_input", ["aten::gt at tests/lowering/io_models.py:", "quantized tensor"]),
    ],
)
def test_refused(model, expected):
    with pytest.raises(LoweringError) as error:
        lower_now(model=f"{IO_MODELS}:{model}", io="int8")
    message = str(error.value)
    assert message.startswith(f"--model {IO_MODELS}:{model}: ")
    for text in expected:
        assert text in message


def test_unknown_io(tmp_path):
    with pytest.raises(LoweringError, match="--io int4: possible are float32 and int8"):
        request(tmp_path, io="int4")


class _Nothing(Quantizer):
    """Quantizes nothing: upstream's own quantizes every float input and output it finds used."""

    def annotate(self, model):
        return model

    def validate(self, model):
        pass


@cache
def _edge(model: str, quantizer: type[Quantizer] | None):
    loaded = load_model(request(Path("out"), model=model))
    made = quantize(
        loaded.exported, [loaded.inputs], loaded.inputs, model, quantizer and quantizer()
    )
    return to_edge_dialect(made, model)


def edge_program(model: str, quantizer: type[Quantizer] | None = None):
    return copy.deepcopy(_edge(f"{IO_MODELS}:{model}", quantizer))


def first_input(edge):
    return next(n for n in edge.graph.nodes if n.name == edge.graph_signature.user_inputs[0])


def quantized_twice(edge, **changes):
    """Gives the first reader of the first quantized input a quantize of its own."""
    quantize_node = next(iter(first_input(edge).users))
    with edge.graph.inserting_before(quantize_node):
        other = edge.graph.node_copy(quantize_node)
    next(iter(quantize_node.users)).replace_input_with(quantize_node, other)
    with_argument(other, **changes)


def with_argument(node, **changes):
    names = ("input", "scale", "zero_point", "quant_min", "quant_max", "dtype")
    node.args = tuple(
        changes.get(name, value) for name, value in zip(names, node.args, strict=True)
    )


def test_an_input_and_an_output_that_stay_in_float_are_named():
    with pytest.raises(LoweringError) as error:
        int8_boundary(edge_program("residual", _Nothing), "here")
    lines = str(error.value).splitlines()
    assert lines[0] == "here: --io int8 is not possible:"
    assert lines[1].startswith("  input 'x' is not quantized first: aten::linear at tests/lowering")
    assert "reads it in float32; why: " in lines[1]
    assert lines[2].startswith("  output 0 is not dequantized last: aten::add at tests/lowering")
    assert lines[3].startswith("  output 1 is not dequantized last: aten::add")
    assert "--io float32" in lines[4]


def test_an_input_that_is_an_output_in_float_is_named():
    with pytest.raises(LoweringError) as error:
        int8_boundary(edge_program("handed_back", _Nothing), "here")
    assert "input 'y' is not quantized first: the output reads it in float32" in str(error.value)
    assert "output 1 is 'y', which nothing quantizes" in str(error.value)


def test_an_input_that_is_quantized_in_two_ways():
    edge = edge_program("residual")
    quantized_twice(edge, scale=0.25)
    with pytest.raises(LoweringError, match="'x' is quantized in two ways"):
        int8_boundary(edge, "here")


def test_an_input_and_an_output_of_another_type():
    edge = edge_program("residual")
    with_argument(next(iter(first_input(edge).users)), dtype=torch.int16)
    with_argument(edge.graph.output_node().args[0][1], dtype=torch.int16)
    with pytest.raises(LoweringError) as error:
        int8_boundary(edge, "here")
    assert "input 'x' is quantized to another type than int8" in str(error.value)
    assert "output 1 is dequantized from another type than int8" in str(error.value)


def test_an_input_that_is_quantized_twice_alike():
    edge = edge_program("residual")
    quantized_twice(edge)
    assert len(first_input(edge).users) == 2
    without, boundary = int8_boundary(edge, "here")
    assert boundary.io == "int8" and None not in boundary.inputs
    image = first_input(without)
    assert image.meta["val"].dtype == torch.int8
    assert all("dequantize_per_tensor" in str(user.target) for user in image.users)


def test_the_boundary_of_a_float_program_changes_nothing():
    boundary = float_boundary(edge_program("looked_up"))
    values = (torch.ones(3), torch.zeros(2))
    assert boundary.io == "float32"
    assert boundary.quantized(values) == boundary.dequantized(values) == values
