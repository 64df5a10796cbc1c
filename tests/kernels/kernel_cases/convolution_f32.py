# SPDX-License-Identifier: Apache-2.0
"""Cases of conv_f32 and conv_transpose_f32."""

from __future__ import annotations

import torch

from kernel_cases.case_file import Case
from kernel_cases.draw import Draw
from kernel_cases.memory_order import NCHW, Image, any_image_order
from kernel_cases.tolerance import ulps


def convolution(draw: Draw) -> Case:
    """Both kinds, groups, strides, padding, dilation, rows only, both memory orders."""
    transposed = draw.chance(0.4)
    groups = draw.choice(1, 1, 2, 3)
    inputs, outputs = draw.integer(1, 4), draw.integer(1, 4)
    line = draw.chance(0.3)
    kernel = (1 if line else draw.integer(1, 4), draw.integer(1, 5))
    stride = (1 if line else draw.integer(1, 3), draw.integer(1, 3))
    dilation = (1 if line else draw.choice(1, 1, 2), draw.choice(1, 1, 2, 3))
    pad = tuple(draw.integer(0, (k - 1) * d) for k, d in zip(kernel, dilation, strict=True))
    size = [
        1 if line and not number else (k - 1) * d + draw.integer(1, 6)
        for number, (k, d) in enumerate(zip(kernel, dilation, strict=True))
    ]
    more = tuple(draw.integer(0, s - 1) if transposed else 0 for s in stride)
    x = torch.from_numpy(draw.normal(1.0, draw.choice(1, 1, 2), inputs * groups, *size))
    shape = (inputs * groups, outputs) if transposed else (outputs * groups, inputs)
    weight = torch.from_numpy(draw.normal(1.0, *shape, *kernel))
    bias = torch.from_numpy(draw.normal(1.0, outputs * groups)) if draw.chance(0.7) else None

    def run(x, weight, bias):
        return torch.ops.aten.convolution(
            x, weight, bias, stride, pad, dilation, transposed, more, groups
        )

    source = Image(x, any_image_order(draw))
    result = run(x, weight, bias)
    target = Image(result, any_image_order(draw))
    absolute = None if bias is None else bias.double().abs()
    magnitude = Image(run(x.double().abs(), weight.double().abs(), absolute), NCHW)
    order = NCHW if target.strides == magnitude.strides else (0, 2, 3, 1)
    magnitude = Image(magnitude.tensor, order).stored
    taps = kernel[0] * kernel[1]
    # Of output channel, height, width, input channel.
    weight_strides = (inputs * taps, kernel[1], 1, taps)
    if transposed:
        weight_strides = (taps, kernel[1], 1, outputs * taps)
    params = {
        "batch": x.shape[0],
        "groups": groups,
        "input_channels": inputs,
        "output_channels": outputs,
        "input_h": x.shape[2],
        "input_w": x.shape[3],
        "kernel_h": kernel[0],
        "kernel_w": kernel[1],
        "output_h": result.shape[2],
        "output_w": result.shape[3],
        "stride_h": stride[0],
        "stride_w": stride[1],
        "pad_h": pad[0],
        "pad_w": pad[1],
        "dilation_h": dilation[0],
        "dilation_w": dilation[1],
        "input_strides": source.strides,
        "weight_strides": weight_strides,
        "output_strides": target.strides,
    }
    name = "conv_transpose_f32" if transposed else "conv_f32"
    description = (
        f"{tuple(x.shape)} * {tuple(weight.shape)} groups {groups} stride {stride} pad {pad} "
        f"dilation {dilation}"
    )
    buffers = [source.stored, weight.numpy(), None if bias is None else bias.numpy()]
    tolerance = ulps(inputs * taps / 2 + 3, magnitude)
    return Case(name, description, params, buffers, target.stored, tolerance=tolerance)
