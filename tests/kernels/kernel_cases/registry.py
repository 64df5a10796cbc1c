# SPDX-License-Identifier: Apache-2.0
"""The operators with cases. A new operator is one entry here and one in operators.c."""

from __future__ import annotations

from collections.abc import Callable

# Defines the cortex_m operators.
import executorch.backends.cortex_m.ops.operators  # noqa: F401

from kernel_cases import (
    activation,
    add,
    binary,
    convolution,
    convolution_f32,
    convolution_folded,
    copy,
    dense,
    div,
    extremum,
    fill,
    linear,
    matmul,
    matmul_f32,
    mul,
    normalization,
    pooling,
    pooling_f32,
    quantize,
    reduction,
    softmax,
    transpose_convolution,
    unary,
)
from kernel_cases.case_file import Case
from kernel_cases.draw import Draw

GENERATORS: dict[str, Callable[[Draw], Case]] = {
    "batch_norm_f32": normalization.batch_norm,
    "binary_f32": binary.floats,
    "binary_int": binary.integers,
    "clamp_s8": activation.clamp,
    "conv_f32": convolution_f32.convolution,
    "convert": unary.convert,
    "dequantize_per_tensor": quantize.dequantize,
    "dequantize_per_tensor_s16": quantize.dequantize_s16,
    "fill": fill.fill,
    "index": fill.index,
    "layer_norm_f32": normalization.layer_norm,
    "matmul_f32": matmul_f32.matmul,
    "maximum": extremum.extremum("maximum", wide=False),
    "maximum_s32": extremum.extremum("maximum", wide=True),
    "minimum": extremum.extremum("minimum", wide=False),
    "minimum_s32": extremum.extremum("minimum", wide=True),
    "pad": copy.pad,
    "permute_copy": copy.permute,
    "pool2d_f32": pooling_f32.pool,
    "quantize_per_tensor": quantize.quantize,
    "quantize_per_tensor_s16": quantize.quantize_s16,
    "quantized_activation": activation.activation,
    "quantized_add": add.add,
    "quantized_add_dense": dense.add_dense,
    "quantized_avg_pool2d": pooling.avg_pool2d,
    "quantized_avg_pool2d_integer": pooling.avg_pool2d_integer,
    "quantized_batch_matmul": matmul.batch_matmul,
    "quantized_conv2d": convolution.conv2d,
    "quantized_conv2d_1x1": convolution_folded.conv2d_1x1,
    "quantized_conv2d_folded": convolution_folded.conv2d_folded,
    "quantized_depthwise_conv2d": convolution.depthwise_conv2d,
    "quantized_depthwise_conv2d_3x3": convolution_folded.depthwise_conv2d_3x3,
    "quantized_depthwise_conv2d_folded": convolution_folded.depthwise_conv2d_folded,
    "quantized_div": div.div,
    "quantized_div_s16": div.div_s16,
    "quantized_linear": linear.linear,
    "quantized_linear_folded": linear.linear_folded,
    "quantized_max_pool2d": pooling.max_pool2d,
    "quantized_mul": mul.mul,
    "quantized_mul_dense": dense.mul_dense,
    "quantized_transpose_conv2d": transpose_convolution.transpose_conv2d,
    "reduction_f32": reduction.reduction,
    "softmax": softmax.softmax,
    "softmax_f32": reduction.softmax,
    "unary_f32": unary.floats,
    "unary_int": unary.integers,
    "upsample": pooling_f32.upsample,
    "where": binary.where,
}
