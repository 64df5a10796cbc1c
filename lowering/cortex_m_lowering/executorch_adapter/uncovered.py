# SPDX-License-Identifier: Apache-2.0
"""What to write instead of operators the quantizer of ExecuTorch 1.5.1 has no pattern for."""

_COMPOSITE = "it hides its parts: write it with nn.Linear, sigmoid, tanh and products"

_ADVICE = {
    "aten.batch_norm.default": "it folds into a convolution or linear right in front of it",
    "aten.conv1d.default": (
        "1-D convolutions are quantized as nn.Conv2d with a kernel (1, k), on a channels-last "
        "tensor (N, C, 1, L)"
    ),
    "aten.conv1d.padding": "use nn.Conv2d with numeric padding, on a tensor (N, C, 1, L)",
    "aten.conv2d.padding": "give the padding as numbers, not as 'same' or 'valid'",
    "aten.elu.default": "silu, gelu and hardswish are quantized",
    "aten.gru.input": _COMPOSITE,
    "aten.gru_cell.default": _COMPOSITE,
    "aten.hardsigmoid.default": "it is quantized right behind a convolution or linear only",
    "aten.leaky_relu.default": "relu is quantized, as part of the operator in front of it",
    "aten.layer_norm.default": "batch_norm is quantized, as part of a convolution or linear",
    "aten.lstm.input": _COMPOSITE,
    "aten.lstm_cell.default": _COMPOSITE,
    "aten.prelu.default": "relu is quantized, as part of the operator in front of it",
    "aten.relu6.default": (
        "nn.ReLU6 and F.hardtanh(x, 0, 6) are quantized, as part of the operator in front of them"
    ),
}


def advice(operator: str) -> str:
    """A way to have the same in int8, or nothing."""
    return _ADVICE.get(operator, "")
