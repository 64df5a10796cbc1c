# SPDX-License-Identifier: Apache-2.0
"""Cases of quantized_conv2d and quantized_depthwise_conv2d."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from executorch.backends.cortex_m.passes.passes_utils import requantize_cmsis

from kernel_cases.case_file import Case
from kernel_cases.draw import Draw
from kernel_cases.layout import from_nhwc, to_nhwc


def conv2d(draw: Draw) -> Case:
    """Any stride, padding, dilation and groups; 1x1, 1xN and larger windows."""
    groups = draw.choice(1, 1, 1, 2, 3, 5)
    group_inputs = draw.choice(*[draw.integer(1, 9)] * 5, 16, draw.integer(10, 40))
    window = _window(draw)
    weight = draw.int8(groups * draw.integer(1, 7), *window.size, group_inputs)
    return _case(draw, "quantized_conv2d", window, groups * group_inputs, weight)


def depthwise_conv2d(draw: Draw) -> Case:
    """Any stride, padding, dilation and depth multiplier."""
    channels = draw.choice(1, 2, 3, 4, 7, 8, 16, 17)
    multiplier = draw.choice(1, 1, 1, 2, 3)
    window = _window(draw)
    weight = draw.int8(1, *window.size, channels * multiplier)
    return _case(draw, "quantized_depthwise_conv2d", window, channels, weight)


@dataclass(frozen=True)
class Window:
    """How a window moves over an input. `size` is (height, width), and so are the others."""

    size: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[int, int]
    dilation: tuple[int, int]

    @property
    def reach(self) -> tuple[int, int]:
        """Rows and columns from a window's first element to its last."""
        return tuple((k - 1) * d + 1 for k, d in zip(self.size, self.dilation, strict=True))

    def least(self) -> tuple[int, int]:
        """The smallest input that gives an output."""
        return tuple(max(r - 2 * p, 1) for r, p in zip(self.reach, self.padding, strict=True))

    def __str__(self) -> str:
        return f"stride {self.stride} pad {self.padding} dil {self.dilation}"


def convolution_case(
    operator: str,
    window: Window,
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray | None,
    requantization: Sequence[tuple[int, int]],
    offsets: tuple[int, int],
    activation: tuple[int, int],
) -> Case:
    """A call of quantized_conv2d, or of quantized_depthwise_conv2d.

    Args:
        x: NHWC.
        weight: OHWI, or IHWO of the depthwise one.
        requantization: of each output channel, multiplier and shift.
        offsets: of the input and of the output.
    """
    depthwise = operator == "quantized_depthwise_conv2d"
    outputs = weight.shape[3] if depthwise else weight.shape[0]
    groups = x.shape[3] if depthwise else x.shape[3] // weight.shape[3]
    multipliers, shifts = (
        np.array(values, dtype=np.int64).astype(np.int32)
        for values in zip(*requantization, strict=True)
    )
    arguments = (
        from_nhwc(x),
        torch.from_numpy(weight),
        None if bias is None else torch.from_numpy(bias),
        window.stride,
        window.padding,
        window.dilation,
        *([outputs // groups] if depthwise else []),
        *offsets,
        torch.from_numpy(multipliers),
        torch.from_numpy(shifts),
        *activation,
    )
    if window.dilation == (1, 1):
        operation = getattr(torch.ops.cortex_m, operator)
        expected = to_nhwc(operation(*arguments, torch.empty(0, dtype=torch.uint8)))
    else:
        expected = _exact(arguments, depthwise, groups)
    params = {
        "input": x.shape,
        "filter": weight.shape,
        "output": expected.shape,
        "stride_h": window.stride[0],
        "stride_w": window.stride[1],
        "pad_h": window.padding[0],
        "pad_w": window.padding[1],
        "dilation_h": window.dilation[0],
        "dilation_w": window.dilation[1],
        "input_offset": offsets[0],
        "output_offset": offsets[1],
        "activation_min": activation[0],
        "activation_max": activation[1],
    }
    if depthwise:
        params["depth_multiplier"] = outputs // groups
    description = f"in {x.shape} filter {weight.shape} {window} groups {groups}"
    return Case(operator, description, params, [x, weight, bias, multipliers, shifts], expected)


def _window(draw: Draw) -> Window:
    size = draw.choice(
        (1, 1), (3, 3), (3, 3), (2, 2), (1, 5), (4, 1), (5, 3),
        (draw.integer(1, 4), draw.integer(1, 4)),
    )  # fmt: skip
    stride = draw.choice((1, 1), (1, 1), (2, 2), (3, 3), (1, 2), (3, 1))
    dilation = draw.choice((1, 1), (1, 1), (1, 1), (2, 2), (1, 3), (2, 1))
    # Padding beyond the window's reach makes outputs of bias alone.
    padding = draw.choice(
        (0, 0), (1, 1), (0, 2), tuple(k // 2 for k in size),
        tuple(k * d + 1 for k, d in zip(size, dilation, strict=True)),
    )  # fmt: skip
    return Window(size, stride, padding, dilation)


def _case(draw: Draw, operator: str, window: Window, channels: int, weight: np.ndarray) -> Case:
    batch = draw.choice(1, 1, 1, 2, 3)
    size = (
        least + draw.choice(0, draw.integer(0, 5), draw.integer(0, 9)) for least in window.least()
    )
    x = draw.int8(batch, *size, channels)
    offsets = -draw.zero_point(), draw.zero_point()
    activation = draw.activation()
    outputs = weight.shape[3] if operator == "quantized_depthwise_conv2d" else weight.shape[0]
    deviation = 5500.0 * (weight.size // outputs) ** 0.5
    bias = draw.bias(deviation, outputs) if draw.chance(0.7) else None
    requantization = [draw.requantization(deviation) for _ in range(outputs)]
    return convolution_case(operator, window, x, weight, bias, requantization, offsets, activation)


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
