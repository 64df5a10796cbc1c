# SPDX-License-Identifier: Apache-2.0
"""Cases of quantized_transpose_conv2d."""

from __future__ import annotations

import numpy as np
import torch

from kernel_cases.case_file import Case
from kernel_cases.draw import Draw
from kernel_cases.layout import from_nhwc, to_nhwc

_MOST_BIAS = 1 << 22  # with the sums below, within what float32 adds exactly


def transpose_conv2d(draw: Draw) -> Case:
    """Any stride, padding, output padding and dilation, among them pixels that no tap meets."""
    kernel = draw.choice(
        (1, 1), (2, 2), (3, 3), (4, 4), (1, 5), (4, 1), (draw.integer(1, 4), draw.integer(1, 4))
    )
    stride = draw.choice((1, 1), (2, 2), (2, 2), (3, 3), (1, 2), (4, 3))
    dilation = draw.choice((1, 1), (1, 1), (1, 1), (2, 2), (1, 3), (2, 4))
    size = tuple(draw.choice(1, 2, draw.integer(1, 7)) for _ in range(2))
    output_padding = tuple(
        draw.integer(0, max(s, d) - 1) for s, d in zip(stride, dilation, strict=True)
    )
    whole = [
        (i - 1) * s + d * (k - 1) + p + 1
        for i, s, d, k, p in zip(size, stride, dilation, kernel, output_padding, strict=True)
    ]
    padding = tuple(
        min(draw.choice(0, 0, 1, k // 2, k), (w - 1) // 2)
        for k, w in zip(kernel, whole, strict=True)
    )
    channels, outputs = draw.integer(1, 17), draw.integer(1, 9)
    x = draw.int8(draw.choice(1, 1, 2, 3), *size, channels)
    weight = draw.int8(outputs, *kernel, channels)
    input_offset = -draw.zero_point()
    output_offset = draw.zero_point()
    low, high = draw.activation()
    deviation = 5500.0 * (channels * kernel[0] * kernel[1]) ** 0.5
    bias = None
    if draw.chance(0.7):
        bias = np.clip(draw.bias(deviation, outputs), -_MOST_BIAS, _MOST_BIAS)
    requantization = [draw.requantization(deviation) for _ in range(outputs)]
    multipliers, shifts = (
        np.array(values, dtype=np.int64).astype(np.int32)
        for values in zip(*requantization, strict=True)
    )
    expected = to_nhwc(
        torch.ops.cortex_m.quantized_transpose_conv2d(
            from_nhwc(x),
            torch.from_numpy(weight),
            None if bias is None else torch.from_numpy(bias),
            stride,
            padding,
            output_padding,
            dilation,
            input_offset,
            output_offset,
            torch.from_numpy(multipliers),
            torch.from_numpy(shifts),
            low,
            high,
            torch.empty(0, dtype=torch.uint8),
            torch.empty(0, dtype=torch.uint8),
        )
    )
    params = {
        "input": x.shape,
        "filter": weight.shape,
        "output": expected.shape,
        "stride_h": stride[0],
        "stride_w": stride[1],
        "pad_h": padding[0],
        "pad_w": padding[1],
        "dilation_h": dilation[0],
        "dilation_w": dilation[1],
        "input_offset": input_offset,
        "output_offset": output_offset,
        "activation_min": low,
        "activation_max": high,
    }
    description = (
        f"in {x.shape} filter {weight.shape} stride {stride} pad {padding} {output_padding} "
        f"dil {dilation}"
    )
    buffers = [x, weight, bias, multipliers, shifts]
    return Case("quantized_transpose_conv2d", description, params, buffers, expected)
