# SPDX-License-Identifier: Apache-2.0
"""Cases of quantized_add."""

from __future__ import annotations

import torch
from executorch.backends.cortex_m.passes.passes_utils import quantize_multiplier_aot

from kernel_cases.case_file import Case
from kernel_cases.draw import Draw
from kernel_cases.layout import from_nhwc, to_nhwc

_FRACTION_BITS = 20


def add(draw: Draw) -> Case:
    """Equal shapes and, either way round, a per-channel operand."""
    n, h, w, c = (draw.integer(1, 2), *(draw.integer(1, 6) for _ in range(2)), draw.integer(1, 19))
    full = (n, h, w, c)
    channels = (1, 1, 1, c)
    shapes = draw.choice((full, full), (full, full), (channels, full), (full, channels))
    operands = [draw.int8(*shape) for shape in shapes]
    zero_points = [draw.zero_point() for _ in range(3)]
    scaling = _scaling(draw) if draw.chance(0.8) else [_any_scaling(draw) for _ in range(3)]
    low, high = draw.activation()
    expected = to_nhwc(
        torch.ops.cortex_m.quantized_add(
            from_nhwc(operands[0]),
            zero_points[0],
            *scaling[0],
            from_nhwc(operands[1]),
            zero_points[1],
            *scaling[1],
            zero_points[2],
            *scaling[2],
            low,
            high,
        )
    )
    params = {
        "count": expected.size,
        "self_count": operands[0].size,
        "other_count": operands[1].size,
        "activation_min": low,
        "activation_max": high,
    }
    for i, role in enumerate(("self", "other", "output")):
        params[f"{role}_zero_point"] = zero_points[i]
        params[f"{role}_multiplier"], params[f"{role}_shift"] = scaling[i]
    description = f"{shapes[0]} + {shapes[1]} scaling {scaling}"
    return Case("quantized_add", description, params, operands, expected)


def _scaling(draw: Draw) -> list[tuple[int, int]]:
    """As the lowering computes it: operands by half the larger scale, then back."""
    scales = [draw.power_of_two(-10, 2) for _ in range(2)]
    output_scale = max(scales) * draw.power_of_two(-2, 2)
    largest = 2 * max(scales)
    factors = [scales[0] / largest, scales[1] / largest]
    factors.append(largest / (output_scale * (1 << _FRACTION_BITS)))
    return [quantize_multiplier_aot(factor) for factor in factors]


def _any_scaling(draw: Draw) -> tuple[int, int]:
    return draw.requantization(float(1 << 27))
