# SPDX-License-Identifier: Apache-2.0
"""Cases of quantized_conv2d and quantized_depthwise_conv2d."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from executorch.backends.cortex_m.passes.passes_utils import requantize_cmsis

from kernel_cases.case_file import Case
from kernel_cases.draw import Draw
from kernel_cases.layout import from_nhwc, to_nhwc


def conv2d(draw: Draw) -> Case:
    """Any stride, padding, dilation and groups; 1x1, 1xN and larger windows."""
    groups = draw.choice(1, 1, 1, 2, 3, 5)
    group_inputs = draw.integer(1, 9)
    shape = _Shape(draw, groups * group_inputs)
    outputs = groups * draw.integer(1, 7)
    weight = draw.int8(outputs, *shape.kernel, group_inputs)
    return _case(draw, "quantized_conv2d", shape, weight, outputs, groups)


def depthwise_conv2d(draw: Draw) -> Case:
    """Any stride, padding, dilation and depth multiplier."""
    channels = draw.choice(1, 2, 3, 4, 7, 8, 16, 17)
    multiplier = draw.choice(1, 1, 1, 2, 3)
    shape = _Shape(draw, channels)
    weight = draw.int8(1, *shape.kernel, channels * multiplier)
    return _case(draw, "quantized_depthwise_conv2d", shape, weight, channels * multiplier, channels)


class _Shape:
    """The input's shape and the window, such that there is an output."""

    def __init__(self, draw: Draw, channels: int) -> None:
        self.kernel = draw.choice(
            (1, 1), (3, 3), (3, 3), (2, 2), (1, 5), (4, 1), (5, 3),
            (draw.integer(1, 4), draw.integer(1, 4)),
        )  # fmt: skip
        self.stride = draw.choice((1, 1), (1, 1), (2, 2), (3, 3), (1, 2), (3, 1))
        self.dilation = draw.choice((1, 1), (1, 1), (1, 1), (2, 2), (1, 3), (2, 1))
        # Padding beyond the window's reach makes outputs of bias alone.
        self.padding = draw.choice(
            (0, 0), (1, 1), (0, 2), tuple(k // 2 for k in self.kernel),
            tuple(k * d + 1 for k, d in zip(self.kernel, self.dilation, strict=True)),
        )  # fmt: skip
        reach = [(k - 1) * d + 1 for k, d in zip(self.kernel, self.dilation, strict=True)]
        self.batch = draw.choice(1, 1, 1, 2, 3)
        self.input = tuple(
            max(r - 2 * p, 1) + draw.choice(0, draw.integer(0, 5), draw.integer(0, 9))
            for r, p in zip(reach, self.padding, strict=True)
        )
        self.channels = channels


def _case(
    draw: Draw, operator: str, shape: _Shape, weight: np.ndarray, outputs: int, groups: int
) -> Case:
    x = draw.int8(shape.batch, *shape.input, shape.channels)
    input_offset = -draw.zero_point()
    output_offset = draw.zero_point()
    low, high = draw.activation()
    taps = weight.size // outputs
    deviation = 5500.0 * taps**0.5
    bias = draw.bias(deviation, outputs) if draw.chance(0.7) else None
    requantization = [draw.requantization(deviation) for _ in range(outputs)]
    multipliers, shifts = (
        np.array(values, dtype=np.int64).astype(np.int32)
        for values in zip(*requantization, strict=True)
    )
    depthwise = operator == "quantized_depthwise_conv2d"
    arguments = (
        from_nhwc(x),
        torch.from_numpy(weight),
        None if bias is None else torch.from_numpy(bias),
        shape.stride,
        shape.padding,
        shape.dilation,
        *([outputs // groups] if depthwise else []),
        input_offset,
        output_offset,
        torch.from_numpy(multipliers),
        torch.from_numpy(shifts),
        low,
        high,
    )
    if shape.dilation == (1, 1):
        operation = getattr(torch.ops.cortex_m, operator)
        expected = to_nhwc(operation(*arguments, torch.empty(0, dtype=torch.uint8)))
    else:
        expected = _exact(arguments, depthwise, groups)
    params = {
        "input": x.shape,
        "filter": weight.shape,
        "output": expected.shape,
        "stride_h": shape.stride[0],
        "stride_w": shape.stride[1],
        "pad_h": shape.padding[0],
        "pad_w": shape.padding[1],
        "dilation_h": shape.dilation[0],
        "dilation_w": shape.dilation[1],
        "input_offset": input_offset,
        "output_offset": output_offset,
        "activation_min": low,
        "activation_max": high,
    }
    if depthwise:
        params["depth_multiplier"] = outputs // groups
    description = (
        f"in {x.shape} filter {weight.shape} stride {shape.stride} pad {shape.padding} "
        f"dil {shape.dilation} groups {groups}"
    )
    return Case(operator, description, params, [x, weight, bias, multipliers, shifts], expected)


def _exact(arguments: Sequence, depthwise: bool, groups: int) -> np.ndarray:
    """The operator with dilation, which torch lacks for integers: its sums fit float64 exactly."""
    x, weight, bias, stride, padding, dilation = arguments[:6]
    input_offset, output_offset, multipliers, shifts, low, high = arguments[-6:]
    order = (3, 0, 1, 2) if depthwise else (0, 3, 1, 2)
    sums = torch.nn.functional.conv2d(
        (x.to(torch.int32) + input_offset).double(),
        weight.permute(order).double(),
        None if bias is None else bias.double(),
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
    )
    # int32 as the reference's tensors are, with their wrap.
    sums = sums.to(torch.int64).to(torch.int32)
    channels = [
        requantize_cmsis(sums[:, i], int(multipliers[i]), int(shifts[i]))
        for i in range(sums.shape[1])
    ]
    result = torch.stack(channels, dim=1) + output_offset
    return to_nhwc(result.clamp(low, high).to(torch.int8))
