# SPDX-License-Identifier: Apache-2.0
"""The four MLPerf Tiny networks: one quantization, three ISAs, the same bits."""

import copy

import pytest
import torch
from cortex_m_lowering.executorch_adapter.export import callable_module
from cortex_m_lowering.executorch_adapter.interpreter import LoweredRunner
from cortex_m_lowering.executorch_adapter.passes import to_cortex_m, to_edge_dialect
from cortex_m_lowering.executorch_adapter.quantization import quantize
from cortex_m_lowering.executorch_adapter.serialize import serialize
from cortex_m_lowering.executorch_adapter.targets import resolve_target
from cortex_m_lowering.model import load_model

from tests.lowering.support import ISAS, request

NETWORKS = {
    "ds_cnn": {
        "cortex_m::quantized_depthwise_conv2d": 5,
        "cortex_m::quantized_conv2d": 4,
        "cortex_m::quantized_avg_pool2d": 1,
        "cortex_m::quantized_linear": 1,
    },
    "resnet8": {
        "cortex_m::quantized_conv2d": 9,
        "cortex_m::quantized_add": 3,
        "cortex_m::quantized_avg_pool2d": 1,
        "cortex_m::quantized_linear": 1,
    },
    "mobilenet_v1_025": {
        "cortex_m::quantized_depthwise_conv2d": 13,
        "cortex_m::quantized_conv2d": 14,
        "cortex_m::quantized_avg_pool2d": 1,
        "cortex_m::quantized_linear": 1,
    },
    "deep_autoencoder": {"cortex_m::quantized_linear": 10},
}


@pytest.fixture(scope="module", params=NETWORKS)
def network(request_folder, request):
    name = request.param
    asked = request_folder(f"tests.models.mlperf_tiny:{name}")
    model = load_model(asked)
    quantized = quantize(model.exported, [model.inputs], model.inputs, name)
    edge = to_edge_dialect(quantized, name)
    lowered = {isa: to_cortex_m(edge, resolve_target("cortex-m55+int8", isa), name) for isa in ISAS}
    return name, model, quantized, lowered


@pytest.fixture(scope="module")
def request_folder(tmp_path_factory):
    return lambda model: request(tmp_path_factory.mktemp("out"), model=model)


def test_outputs_are_the_same_bits_on_every_isa(network):
    _, model, _, lowered = network
    torch.manual_seed(7)
    others = [torch.empty_like(value).uniform_(-1, 1) for value in model.inputs]
    for inputs in (model.inputs, tuple(others)):
        outputs = {isa: LoweredRunner(program)(inputs)[0] for isa, program in lowered.items()}
        assert torch.equal(outputs["scalar"], outputs["dsp"])
        assert torch.equal(outputs["scalar"], outputs["mve"])
        # Upstream's own way to run the program is another route to the same bits.
        upstream = lowered["dsp"].module(check_guards=False)(*inputs)
        assert torch.equal(outputs["dsp"], upstream)
        assert outputs["dsp"].unique().numel() > 1


def test_network_is_fully_quantized_without_copies(network):
    name, _, _, lowered = network
    for isa, program in lowered.items():
        described = serialize(copy.deepcopy(program), resolve_target("cortex-m55+int8", isa), name)
        operators = [instruction.op for instruction in described.instructions]
        assert not any(instruction.is_float for instruction in described.instructions)
        assert {op: operators.count(op) for op in operators} == NETWORKS[name] | {
            "cortex_m::quantize_per_tensor": 1,
            "cortex_m::dequantize_per_tensor": 1,
        }


def test_quantized_model_is_close(network):
    name, model, quantized, lowered = network
    target = resolve_target("cortex-m55+int8", "scalar")
    described = serialize(copy.deepcopy(lowered["scalar"]), target, name)
    expected = callable_module(quantized)(*model.inputs)
    got = LoweredRunner(lowered["scalar"])(model.inputs)[0]
    steps = (expected - got).abs() / described.output_quantization[0].scale
    assert steps.mean() < 5
