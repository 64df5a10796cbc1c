# SPDX-License-Identifier: Apache-2.0
"""The report and the program say the same, for every ISA."""

import json
import re

import pytest
from cortex_m_lowering import LoweringError
from cortex_m_lowering.executorch_adapter import serialize
from cortex_m_lowering.report import KERNEL_ABI
from executorch.backends.cortex_m.library import cmsis_nn

from tests.lowering.support import ISAS, REPOSITORY, digits, flatbuffer, lower_now, lowered

HEADER = REPOSITORY / "kernels" / "include" / "cortex_m" / "kernels.h"

KERNELS = {
    "cortex_m::quantize_per_tensor",
    "cortex_m::dequantize_per_tensor",
    "cortex_m::quantized_conv2d",
    "cortex_m::quantized_depthwise_conv2d",
    "cortex_m::quantized_linear",
    "cortex_m::quantized_avg_pool2d",
    "cortex_m::quantized_max_pool2d",
    "dim_order_ops::_clone_dim_order",
}


@pytest.mark.parametrize("isa", ISAS)
def test_instructions_are_those_of_the_program(isa):
    report = digits(isa).report
    plan = flatbuffer(digits(isa).program)["execution_plan"][0]
    calls = [entry["instr_args"] for entry in plan["chains"][0]["instructions"]]
    names = [plan["operators"][call["op_index"]]["name"] for call in calls]
    assert [entry["op"] for entry in report["instructions"]] == names
    assert [entry["index"] for entry in report["instructions"]] == list(range(len(names)))
    assert report["operators"] == {name: names.count(name) for name in names}
    assert set(names) <= KERNELS
    assert report["float_operators"] == []


def test_instructions_know_their_source_line():
    by_module = {entry["module"]: entry for entry in digits("mve").report["instructions"]}
    assert by_module["conv"]["op"] == "cortex_m::quantized_conv2d"
    assert by_module["conv"]["source"].startswith("examples/digits/model.py:")
    assert by_module["conv"]["source"].endswith("x = self.relu(self.conv(x))")
    first, *_, last = digits("mve").report["instructions"]
    assert (first["source"], last["source"]) == ("input image", "output 0")


@pytest.mark.parametrize("isa", ISAS)
def test_tensors_are_those_of_the_program(isa):
    report = digits(isa).report
    plan = flatbuffer(digits(isa).program)["execution_plan"][0]
    planned = [
        (v["sizes"], v["dim_order"], v["allocation_info"]["memory_offset_low"])
        for v in (entry["val"] for entry in plan["values"] if entry["val_type"] == "Tensor")
        if v.get("allocation_info")
    ]
    reported = [(t["shape"], t["dim_order"], t["offset"]) for t in report["tensors"]]
    assert sorted(reported) == sorted(planned)
    assert report["arena_bytes"] == int(plan["non_const_buffer_sizes"][1])
    assert len({tensor["name"] for tensor in report["tensors"]}) == len(report["tensors"])
    for tensor in report["tensors"]:
        assert 0 <= tensor["first"] <= tensor["last"] < len(report["instructions"])
        assert tensor["offset"] % 16 == 0
        assert tensor["offset"] + tensor["bytes"] <= report["arena_bytes"]


@pytest.mark.parametrize("isa", ISAS)
def test_living_tensors_do_not_overlap(isa):
    tensors = [tensor for tensor in digits(isa).report["tensors"] if tensor["bytes"]]
    for position, one in enumerate(tensors):
        for other in tensors[position + 1 :]:
            # A view shares its storage with what it views.
            together = one["first"] <= other["last"] and other["first"] <= one["last"]
            apart = (
                one["offset"] + one["bytes"] <= other["offset"]
                or other["offset"] + other["bytes"] <= one["offset"]
            )
            assert apart or not together or one["offset"] == other["offset"]


@pytest.mark.parametrize("isa", ISAS)
def test_every_constant_is_read(isa):
    plan = flatbuffer(digits(isa).program)["execution_plan"][0]
    read = {v for entry in plan["chains"][0]["instructions"] for v in entry["instr_args"]["args"]}
    constants = [
        index
        for index, entry in enumerate(plan["values"])
        if entry["val_type"] == "Tensor" and entry["val"]["data_buffer_idx"] > 0
    ]
    assert constants and set(constants) <= read
    assert len(constants) == len(digits(isa).report["constants"])


@pytest.mark.parametrize("isa", ISAS)
def test_scratch_is_what_the_binding_asks_for(isa):
    report = digits(isa).report
    scratch = {
        report["instructions"][entry["instruction"]]["module"]: entry for entry in report["scratch"]
    }
    assert set(scratch) == {"stem", "depthwise", "pointwise", "conv", "average"}
    for entry in scratch.values():
        assert entry["isa"] == isa
        assert entry["bytes"] == entry["binding_bytes"]
    backend = getattr(cmsis_nn.Backend, isa.upper())
    expected = cmsis_nn.convolve_wrapper_buffer_size(
        backend,
        cmsis_nn.DataType.A8W8,
        input_nhwc=[1, 4, 4, 16],
        filter_nhwc=[32, 3, 3, 16],
        output_nhwc=[1, 4, 4, 32],
        padding_hw=[1, 1],
        stride_hw=[1, 1],
        dilation_hw=[1, 1],
        input_offset=128,
    )
    assert scratch["conv"]["binding_bytes"] == scratch["conv"]["bytes"] == expected
    assert scratch["conv"]["shape"] == [1, 32, 4, 4]


@pytest.mark.parametrize("change", [1, -1])
def test_scratch_that_is_not_the_bindings_is_refused(monkeypatch, change):
    original = serialize.binding_bytes

    def other(lowered, target):
        return {
            name: [size + change for size in sizes]
            for name, sizes in original(lowered, target).items()
        }

    monkeypatch.setattr(serialize, "binding_bytes", other)
    with pytest.raises(LoweringError) as error:
        lower_now(model="tests.models.small:grouped")
    found = re.search(
        r"small:grouped: cortex_m::quantized_conv2d \(node \w+, instruction 1\): its scratch "
        r"buffer \S+ is planned with (\d+) bytes, CMSIS-NN's binding asks for (\d+)",
        str(error.value),
    )
    assert found, error.value
    assert int(found[2]) - int(found[1]) == change


def test_kernel_abi_is_that_of_the_kernels():
    (abi,) = re.findall(r"^#define CORTEX_M_KERNEL_ABI (\d+)$", HEADER.read_text(), re.MULTILINE)
    assert int(abi) == KERNEL_ABI


def test_head_of_the_report():
    report = digits("dsp").report
    assert report["format"] == 1
    assert (report["name"], report["target"], report["isa"]) == ("digits", "cortex-m55", "dsp")
    assert report["versions"]["executorch"] == "1.5.1"
    assert report["versions"]["kernel_abi"] == KERNEL_ABI
    assert report["versions"]["program_schema"] == "ET12 version 0"
    assert report["calibration"]["samples"] == 128
    assert report["calibration"]["inputs"] == [{"max": 1.0, "min": 0.0, "name": "image"}]
    (image,) = report["inputs"]
    assert (image["name"], image["dtype"], image["shape"]) == ("image", "float32", [1, 1, 8, 8])
    assert image["zero_point"] == -128 and 0.0039 < image["scale"] < 0.0040
    (logits,) = report["outputs"]
    assert logits["bytes"] == 40 and logits["scale"] > 0


def test_report_is_sorted_and_holds_no_paths():
    raw = digits("mve").raw_report
    assert list(json.loads(raw)) == sorted(json.loads(raw))
    assert "/tmp" not in raw and '"/' not in raw


def test_float_operators_are_listed_with_their_line():
    report = lowered("unsupported", "scalar").report
    (operator,) = report["float_operators"]
    assert operator["op"] == "aten::cumsum"
    assert "torch.cumsum(scores, dim=1)" in operator["source"]
    assert operator["index"] == 3
    assert operator["reason"].endswith("covers aten.cumsum.default")
    assert any("compute in float" in note for note in report["notes"])


def test_convolution_of_a_contiguous_tensor_gets_a_hint():
    (note,) = lowered("contiguous_convolution", "scalar").report["notes"]
    assert "channels_last" in note


def test_m52_is_said_to_be_lowered_as_m55():
    report = lower_now(target="cortex-m52+int8").report
    assert (report["target"], report["lowering_target"]) == ("cortex-m52", "cortex-m55")
    assert any("has no cortex-m52" in note for note in report["notes"])


def test_several_inputs_and_outputs_keep_their_order():
    report = lowered("two_inputs", "mve").report
    assert [(t["name"], t["shape"]) for t in report["inputs"]] == [
        ("first", [1, 12]),
        ("second", [1, 20]),
    ]
    assert len(report["outputs"]) == 2
    assert all(tensor["scale"] for tensor in report["inputs"] + report["outputs"])
