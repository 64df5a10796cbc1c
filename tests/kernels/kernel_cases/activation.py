# SPDX-License-Identifier: Apache-2.0
"""Cases of quantized_activation and clamp_s8."""

from __future__ import annotations

import numpy as np
import torch

from kernel_cases.case_file import Case
from kernel_cases.draw import Draw


def activation(draw: Draw) -> Case:
    """Any table, every input value."""
    x = draw.int8(draw.integer(1, 300))
    table = draw.choice(draw.int8(256), np.arange(-128, 128, dtype=np.int8)[::-1].copy())
    result = torch.ops.cortex_m.quantized_activation(torch.from_numpy(x), torch.from_numpy(table))
    params = {"count": x.size}
    return Case("quantized_activation", f"count {x.size}", params, [x, table], result.numpy())


def clamp(draw: Draw) -> Case:
    """Both bounds in any order, as torch takes them."""
    x = draw.int8(draw.integer(1, 300))
    low, high = draw.zero_point(), draw.zero_point()
    if draw.chance(0.8):
        low, high = sorted((low, high))
    result = torch.clamp(torch.from_numpy(x), low, high)
    params = {"count": x.size, "minimum": low, "maximum": high}
    return Case("clamp_s8", f"count {x.size} {low} .. {high}", params, [x], result.numpy())
