# SPDX-License-Identifier: Apache-2.0
"""The operators with cases. A new operator is one entry here and one in operators.c."""

from __future__ import annotations

from collections.abc import Callable

# Defines the cortex_m operators.
import executorch.backends.cortex_m.ops.operators  # noqa: F401

from kernel_cases import add, convolution, copy, linear, pooling, quantize
from kernel_cases.case_file import Case
from kernel_cases.draw import Draw

GENERATORS: dict[str, Callable[[Draw], Case]] = {
    "dequantize_per_tensor": quantize.dequantize,
    "pad": copy.pad,
    "permute_copy": copy.permute,
    "quantize_per_tensor": quantize.quantize,
    "quantized_add": add.add,
    "quantized_avg_pool2d": pooling.avg_pool2d,
    "quantized_conv2d": convolution.conv2d,
    "quantized_depthwise_conv2d": convolution.depthwise_conv2d,
    "quantized_linear": linear.linear,
    "quantized_max_pool2d": pooling.max_pool2d,
}
