# SPDX-License-Identifier: Apache-2.0
"""Ways of the kernels that walk alike on all instruction sets."""

from cortex_m_plan.ways import elementwise, images, rows
from cortex_m_plan.ways.pad import pad

_ONE_OPERAND = (
    "clamp_s8",
    "quantized_activation",
    "quantize_per_tensor",
    "quantize_per_tensor_s16",
    "abs_s64",
    "neg_s64",
    "clamp_s64",
    "logical_not_u8",
    *(
        f"{name}_f32"
        for name in (
            "abs", "ceil", "clamp", "cos", "cube", "elu", "erf", "exp", "expm1", "floor", "gelu",
            "gelu_tanh", "leaky_relu", "log", "log1p", "neg", "reciprocal", "relu", "round",
            "rsqrt", "sigmoid", "sign", "silu", "sin", "sqrt", "tanh", "trunc",
        )
    ),
)  # fmt: skip

_TWO_OPERANDS = (
    "quantized_add",
    "quantized_add_dense",
    "quantized_mul",
    "quantized_mul_dense",
    "quantized_div",
    "quantized_div_s16",
    "minimum",
    "minimum_s32",
    "maximum",
    "maximum_s32",
    *(f"{name}_f32" for name in ("add", "sub", "mul", "div", "minimum", "maximum", "pow", "fmod")),
    *(f"{name}_s32" for name in ("add", "sub", "mul")),
    *(f"{name}_s64" for name in ("add", "sub", "mul", "minimum", "maximum", "fmod")),
)

WAYS = {
    **{f"cortex_m_{name}": elementwise.in_place for name in _ONE_OPERAND},
    **{f"cortex_m_{name}": elementwise.pairwise for name in _TWO_OPERANDS},
    "cortex_m_convert": elementwise.convert,
    "cortex_m_dequantize_per_tensor": elementwise.widening(1, 4),
    "cortex_m_dequantize_per_tensor_s16": elementwise.widening(2, 4),
    "cortex_m_pad": pad,
    "cortex_m_quantized_avg_pool2d": images.pool,
    "cortex_m_quantized_avg_pool2d_integer": images.pool,
    "cortex_m_quantized_conv2d": images.convolution,
    "cortex_m_quantized_depthwise_conv2d": images.convolution,
    "cortex_m_quantized_linear": rows.linear,
    "cortex_m_quantized_linear_folded": rows.linear,
    "cortex_m_quantized_max_pool2d": images.pool,
    "cortex_m_softmax": rows.softmax,
}
"""By C function, what makes the ways of its parameters."""
