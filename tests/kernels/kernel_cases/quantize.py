# SPDX-License-Identifier: Apache-2.0
"""Cases of quantize_per_tensor and dequantize_per_tensor."""

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
    count = draw.integer(1, 300)
    scale = draw.choice(
        draw.power_of_two(-14, 4), draw.power_of_two(-14, 4), 2.0 ** draw.integer(-8, 2),
        draw.power_of_two(-140, 127),
    )  # fmt: skip
    kind = draw.integer(0, 3)
    with np.errstate(over="ignore", invalid="ignore"):
        if kind == 0:  # ties and their neighbours
            x = ((draw.int32(300, count) + 0.5) * scale).astype(np.float32)
            x = np.nextafter(x, draw.int32(1, count).astype(np.float32) * np.float32(3e38))
        elif kind == 1:
            odd = np.array(_ODD_VALUES, dtype=np.float32)
            x = odd[draw.int32(10**6, count) % len(odd)] * np.float32(draw.choice(1.0, scale))
        else:
            x = draw.normal(draw.choice(20, 80, 400) * scale, count)
    zero_point = draw.zero_point()
    low, high = draw.activation()
    expected = torch.ops.cortex_m.quantize_per_tensor(
        torch.from_numpy(x), scale, zero_point, low, high, torch.int8
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
    return Case("quantize_per_tensor", description, params, [x], expected)


def dequantize(draw: Draw) -> Case:
    """Scales down to subnormal results."""
    x = draw.int8(draw.integer(1, 300))
    scale = draw.choice(draw.power_of_two(-14, 4), draw.power_of_two(-149, 119))
    zero_point = draw.zero_point()
    expected = torch.ops.cortex_m.dequantize_per_tensor(
        torch.from_numpy(x), scale, zero_point, -128, 127, torch.int8
    ).numpy()
    params = {
        "count": x.size,
        "scale": float(np.float32(scale)),
        "zero_point": zero_point,
    }
    description = f"count {x.size} scale {scale!r} zero point {zero_point}"
    return Case("dequantize_per_tensor", description, params, [x], expected)
