# SPDX-License-Identifier: Apache-2.0
"""Cases of the average pools and of quantized_max_pool2d."""

from __future__ import annotations

import numpy as np
import torch
from executorch.backends.cortex_m.passes.passes_utils import quantize_multiplier_aot

from kernel_cases.case_file import Case
from kernel_cases.choice import given_to
from kernel_cases.draw import Draw
from kernel_cases.layout import from_nhwc, to_nhwc


def avg_pool2d(draw: Draw) -> Case:
    """Windows of two to some hundred values, padding, ceil_mode, and scales of all sizes."""
    shape = _Shape(draw)
    return _avg_pool2d(draw, shape, draw.int8(*shape.input), _scale(draw))


def avg_pool2d_integer(draw: Draw) -> Case:
    """Windows up to the largest, ties, and scales up to the ends of their range."""
    shape = _Shape(draw, large=draw.chance(0.3))
    x = draw.int8(*shape.input)
    if draw.chance(0.3):  # many averages in the middle between two integers
        x = (x & 1) + np.int8(draw.integer(-128, 126))
    scale = draw.power_of_two(-14, 6)
    if draw.chance(0.3):
        scale = draw.choice(0.5, 1.0, 2.0**-59, 2.0**59, draw.power_of_two(-60, 60))
    case = _avg_pool2d(draw, shape, x, quantize_multiplier_aot(scale))
    return given_to(case, "quantized_avg_pool2d_integer")


def _avg_pool2d(draw: Draw, shape: _Shape, x: np.ndarray, scale: tuple[int, int]) -> Case:
    zero_point, ceil_mode = draw.zero_point(), draw.chance(0.3)
    window = shape.kernel, shape.stride, shape.padding
    return avg_pool2d_case(x, *window, ceil_mode, zero_point, scale)


def avg_pool2d_case(
    x: np.ndarray,
    kernel: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int],
    ceil_mode: bool,
    zero_point: int,
    scale: tuple[int, int],
) -> Case:
    """A call of quantized_avg_pool2d.

    Args:
        x: NHWC.
        scale: multiplier and shift.
    """
    multiplier, shift = scale
    expected = to_nhwc(
        torch.ops.cortex_m.quantized_avg_pool2d(
            from_nhwc(x),
            kernel,
            stride,
            padding,
            ceil_mode,
            zero_point,
            multiplier,
            shift,
            torch.empty(0, dtype=torch.uint8),
        )
    )
    params = _params(x, expected, kernel, stride, padding) | {
        "zero_point": zero_point,
        "scale": float(np.float32(multiplier * 2.0**shift / (1 << 31))),
    }
    description = (
        f"in {x.shape} kernel {kernel} stride {stride} pad {padding} "
        f"ceil {ceil_mode} scale {multiplier}, {shift}"
    )
    return Case("quantized_avg_pool2d", description, params, [x], expected)


def _params(
    x: np.ndarray,
    expected: np.ndarray,
    kernel: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int],
) -> dict[str, object]:
    """The members both pools' parameters have."""
    return {
        "input": x.shape,
        "output": expected.shape,
        "kernel_h": kernel[0],
        "kernel_w": kernel[1],
        "stride_h": stride[0],
        "stride_w": stride[1],
        "pad_h": padding[0],
        "pad_w": padding[1],
    }


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
    window = _params(x, expected, shape.kernel, shape.stride, shape.padding)
    params = window | {"activation_min": low, "activation_max": high}
    return Case("quantized_max_pool2d", str(shape), params, [x], expected)


class _Shape:
    """The input's shape and the window."""

    def __init__(self, draw: Draw, *, large: bool = False) -> None:
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
        if large:
            self.kernel = draw.choice(
                (13, 13), (1, 179), (89, 2), (24, 5), (12, 12), (8, 8), (25, 7)
            )
        self.stride = draw.choice(self.kernel, (1, 1), (2, 2), (3, 1), (3, 3))
        self.padding = tuple(draw.integer(0, k // 2) for k in self.kernel)
        size = [k + draw.choice(0, 1, draw.integer(0, 9)) for k in self.kernel]
        batch, channels = draw.choice(1, 1, 2), draw.choice(1, 2, 3, 8, 17, 16, 32, 33)
        self.input = (1, *size, min(channels, 17)) if large else (batch, *size, channels)

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
