# SPDX-License-Identifier: Apache-2.0
"""Cases of quantized_avg_pool2d and quantized_max_pool2d."""

from __future__ import annotations

import numpy as np
import torch
from executorch.backends.cortex_m.passes.passes_utils import quantize_multiplier_aot

from kernel_cases.case_file import Case
from kernel_cases.draw import Draw
from kernel_cases.layout import from_nhwc, to_nhwc


def avg_pool2d(draw: Draw) -> Case:
    """Windows of two to some hundred values, padding, ceil_mode, and scales of all sizes."""
    shape = _Shape(draw)
    x = draw.int8(*shape.input)
    zero_point = draw.zero_point()
    multiplier, shift = _scale(draw)
    ceil_mode = draw.chance(0.3)
    expected = to_nhwc(
        torch.ops.cortex_m.quantized_avg_pool2d(
            from_nhwc(x),
            shape.kernel,
            shape.stride,
            shape.padding,
            ceil_mode,
            zero_point,
            multiplier,
            shift,
            torch.empty(0, dtype=torch.uint8),
        )
    )
    params = shape.params(expected) | {
        "zero_point": zero_point,
        "scale": float(np.float32(multiplier * 2.0**shift / (1 << 31))),
    }
    description = f"{shape} ceil {ceil_mode} scale {multiplier}, {shift}"
    return Case("quantized_avg_pool2d", description, params, [x], expected)


def max_pool2d(draw: Draw) -> Case:
    """Windows and padding of all sizes, with an activation's range."""
    shape = _Shape(draw)
    x = draw.int8(*shape.input)
    zero_point = draw.zero_point()
    low, high = draw.activation()
    expected = to_nhwc(
        torch.ops.cortex_m.quantized_max_pool2d(
            from_nhwc(x),
            shape.kernel,
            shape.stride,
            shape.padding,
            (1, 1),
            False,
            zero_point,
            zero_point,
            low,
            high,
        )
    )
    params = shape.params(expected) | {"activation_min": low, "activation_max": high}
    return Case("quantized_max_pool2d", str(shape), params, [x], expected)


class _Shape:
    """The input's shape and the window."""

    def __init__(self, draw: Draw) -> None:
        self.kernel = draw.choice(
            (2, 2),
            (2, 2),
            (3, 3),
            (1, 2),
            (4, 1),
            (4, 4),
            (5, 7),
            (draw.integer(1, 9), draw.integer(1, 9)),
        )
        self.stride = draw.choice(self.kernel, (1, 1), (2, 2), (3, 1), (3, 3))
        self.padding = tuple(draw.integer(0, k // 2) for k in self.kernel)
        size = [k + draw.choice(0, 1, draw.integer(0, 9)) for k in self.kernel]
        self.input = (draw.choice(1, 1, 2), *size, draw.choice(1, 2, 3, 8, 17))

    def params(self, output: np.ndarray) -> dict[str, object]:
        """The members both pools' parameters have."""
        return {
            "input": self.input,
            "output": output.shape,
            "kernel_h": self.kernel[0],
            "kernel_w": self.kernel[1],
            "stride_h": self.stride[0],
            "stride_w": self.stride[1],
            "pad_h": self.padding[0],
            "pad_w": self.padding[1],
        }

    def __str__(self) -> str:
        return f"in {self.input} kernel {self.kernel} stride {self.stride} pad {self.padding}"


def _scale(draw: Draw) -> tuple[int, int]:
    kind = draw.integer(0, 19)
    if kind == 0:
        return 0, 0  # what quantize_multiplier_aot makes of 0
    if kind == 1:
        return 2**30, draw.integer(-20, 10)  # a power of two: every sum is exact
    if kind == 2:
        return quantize_multiplier_aot(draw.power_of_two(-150, -120))  # subnormal values
    if kind == 3:
        return quantize_multiplier_aot(draw.power_of_two(115, 127))  # sums that overflow
    return quantize_multiplier_aot(draw.power_of_two(-14, 6))
