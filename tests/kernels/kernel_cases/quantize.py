# SPDX-License-Identifier: Apache-2.0
"""Cases of quantize_per_tensor and dequantize_per_tensor, of int8 and of int16."""

from __future__ import annotations

import numpy as np
import torch

from kernel_cases.case_file import Case
from kernel_cases.draw import Draw

_ODD_VALUES = [
    0.0, -0.0, 0.5, -0.5, 1.5, 2.5, 126.5, 127.5, -128.5, np.nan, -np.nan, np.inf, -np.inf,
    3.4e38, -3.4e38, 1e-45, -1e-45, 1.2e-38, 2.0**22, 2.0**22 - 0.5, -(2.0**22), 2.0**23, 2.0**24,
    2.0**31, -(2.0**31), 2.0**32, 4194303.75, -4194303.75, 0.49999997, -0.49999997,
]  # fmt: skip


def quantize(draw: Draw) -> Case:
    """Values over and beyond the range, ties, and what is not a number."""
    return _quantize(draw, "quantize_per_tensor", torch.int8)


def quantize_s16(draw: Draw) -> Case:
    """As quantize, to int16."""
    return _quantize(draw, "quantize_per_tensor_s16", torch.int16)


def _quantize(draw: Draw, kernel: str, dtype: torch.dtype) -> Case:
    limits = torch.iinfo(dtype)
    count = draw.integer(1, 300)
    scale = draw.choice(
        draw.power_of_two(-14, 4), draw.power_of_two(-14, 4), 2.0 ** draw.integer(-8, 2),
        draw.power_of_two(-140, 127),
    )  # fmt: skip
    kind = draw.integer(0, 3)
    with np.errstate(over="ignore", invalid="ignore"):
        if kind == 0:  # ties and their neighbours
            x = ((draw.int32(2 * limits.max, count) + 0.5) * scale).astype(np.float32)
            x = np.nextafter(x, draw.int32(1, count).astype(np.float32) * np.float32(3e38))
        elif kind == 1:
            odd = np.array(_ODD_VALUES, dtype=np.float32)
            x = odd[draw.int32(10**6, count) % len(odd)] * np.float32(draw.choice(1.0, scale))
        else:
            x = draw.normal(draw.choice(0.2, 0.6, 3) * limits.max * scale, count)
    zero_point = draw.zero_point()
    low, high = draw.activation()
    if dtype is torch.int16 and draw.chance(0.8):
        zero_point = draw.choice(0, limits.min, limits.max, draw.integer(limits.min, limits.max))
        low, high = limits.min + draw.integer(0, 1), limits.max
    expected = torch.ops.cortex_m.quantize_per_tensor(
        torch.from_numpy(x), scale, zero_point, low, high, dtype
    ).numpy()
    with np.errstate(over="ignore"):
        inverse_scale = float(np.float32(1.0 / scale))
    params = {
        "count": count,
        "inverse_scale": inverse_scale,
        "zero_point": zero_point,
        "quant_min": low,
        "quant_max": high,
    }
    description = f"count {count} scale {scale!r} zero point {zero_point} kind {kind}"
    return Case(kernel, description, params, [x], expected)


def dequantize(draw: Draw) -> Case:
    """Scales down to subnormal results."""
    return _dequantize(draw, "dequantize_per_tensor", draw.int8(draw.integer(1, 300)))


def dequantize_s16(draw: Draw) -> Case:
    """As dequantize, from int16."""
    x = draw.int32(draw.choice(3, 32767), draw.integer(1, 300)).astype(np.int16)
    return _dequantize(draw, "dequantize_per_tensor_s16", x)


def _dequantize(draw: Draw, kernel: str, x: np.ndarray) -> Case:
    scale = draw.choice(draw.power_of_two(-14, 4), draw.power_of_two(-149, 119))
    dtype = torch.from_numpy(x).dtype
    limits = torch.iinfo(dtype)
    zero_point = draw.zero_point()
    if dtype is torch.int16 and draw.chance(0.5):
        zero_point = draw.integer(limits.min, limits.max)
    expected = torch.ops.cortex_m.dequantize_per_tensor(
        torch.from_numpy(x), scale, zero_point, limits.min, limits.max, dtype
    ).numpy()
    params = {
        "count": x.size,
        "scale": float(np.float32(scale)),
        "zero_point": zero_point,
    }
    description = f"count {x.size} scale {scale!r} zero point {zero_point}"
    return Case(kernel, description, params, [x], expected)
