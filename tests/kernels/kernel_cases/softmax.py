# SPDX-License-Identifier: Apache-2.0
"""Cases of softmax."""

from __future__ import annotations

import math

import numpy as np
import torch
from executorch.backends.cortex_m.passes.aten_to_cortex_m_pass import _compute_softmax_params

from kernel_cases.case_file import Case
from kernel_cases.draw import INT32_MAX, Draw


def softmax(draw: Draw) -> Case:
    """Rows of all lengths, along the last dimension and others, and rows full of ties."""
    count = draw.choice(1, 2, 3, 7, 8, 9, 10, 16, draw.integer(1, 64), draw.integer(65, 600), 512)
    inner = draw.choice(1, 1, draw.integer(2, 5))
    outer = draw.integer(1, 3)
    x = draw.int8(outer, count, inner)
    if draw.chance(0.2):
        x[:] = draw.integer(-128, 127)
    # Along the last dimension PyTorch sums in another order; a batch of one column is not it.
    last = inner == 1 and draw.chance(0.7)
    tensor = torch.from_numpy(x[:, :, 0] if last else x)
    zero_point = draw.zero_point()
    scale = draw.choice(
        draw.power_of_two(-9, 0), draw.power_of_two(-9, 0), draw.power_of_two(-20, 8)
    )
    multiplier, shift, diff_min = _compute_softmax_params(scale)
    expected = torch.ops.cortex_m.softmax(
        tensor, 1, zero_point, -128, multiplier, shift, diff_min
    ).numpy()
    single = float(np.float32(math.ldexp(float(multiplier), shift - 57)))
    params = {
        "outer": outer,
        "count": count,
        "inner": inner,
        "lanes": 8 if last else 1,
        "input_zero_point": zero_point,
        "input_scale": single,
        # The most: every row is computed as the reference does.
        "tie_margin": INT32_MAX if draw.chance(0.3) else _tie_margin(count, single),
        "exponentials": [round(2**30 * math.exp(-d * single)) for d in range(256)],
        "input_multiplier": multiplier,
        "input_shift": shift,
        "diff_min": diff_min,
    }
    description = f"{x.shape} last {last} scale {scale!r} zero point {zero_point}"
    return Case("softmax", description, params, [x], expected.reshape(x.shape))


def _tie_margin(count: int, scale: float) -> int:
    """More than the plan gives, for any zero point."""
    rounding = 2.0**-24
    error = 2 * math.expm1(min(800 * scale * rounding, 1.0)) + (1.1 * count + 20) * rounding
    return min(math.ceil(error * 2**32), INT32_MAX)
