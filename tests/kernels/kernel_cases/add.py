# SPDX-License-Identifier: Apache-2.0
"""Cases of quantized_add."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from executorch.backends.cortex_m.passes.passes_utils import quantize_multiplier_aot

from kernel_cases.broadcast import Operands
from kernel_cases.case_file import Case
from kernel_cases.draw import Draw

_FRACTION_BITS = 20


def add(draw: Draw) -> Case:
    """Any broadcast and memory order, scales as the lowering computes them and any others."""
    operands = Operands(draw, draw.int8)
    zero_points = [draw.zero_point() for _ in range(3)]
    if draw.chance(0.1):  # hardswish has zero points outside int8
        zero_points = [draw.integer(-600, 600) for _ in range(3)]
    scaling = _scaling(draw) if draw.chance(0.8) else [_any_scaling(draw) for _ in range(3)]
    return add_case(operands, zero_points, scaling, draw.activation())


def add_case(
    operands: Operands,
    zero_points: Sequence[int],
    scaling: Sequence[tuple[int, int]],
    activation: tuple[int, int],
) -> Case:
    """A call of quantized_add.

    Args:
        operands: they may be any object with the same attributes.
        zero_points: of self, other and output.
        scaling: of the same, multiplier and shift.
    """
    result = torch.ops.cortex_m.quantized_add(
        operands.tensors[0], zero_points[0], *scaling[0],
        operands.tensors[1], zero_points[1], *scaling[1],
        zero_points[2], *scaling[2], *activation,
    )  # fmt: skip
    params = {
        "shape": operands.shape,
        "activation_min": activation[0],
        "activation_max": activation[1],
    }
    for i, role in enumerate(("self", "other", "output")):
        params[f"{role}_zero_point"] = zero_points[i]
        params[f"{role}_multiplier"], params[f"{role}_shift"] = scaling[i]
    description = f"{operands} zero {list(zero_points)} scaling {scaling}"
    return Case("quantized_add", description, params, operands.buffers, operands.stored(result))


def _scaling(draw: Draw) -> list[tuple[int, int]]:
    """As the lowering computes it: operands by half the larger scale, then back."""
    scales = [draw.power_of_two(-10, 2) for _ in range(2)]
    output_scale = max(scales) * draw.power_of_two(-2, 2)
    largest = 2 * max(scales)
    factors = [scales[0] / largest, scales[1] / largest]
    factors.append(largest / (output_scale * (1 << _FRACTION_BITS)))
    scaling = [quantize_multiplier_aot(factor) for factor in factors]
    if draw.chance(0.3):  # a subtraction
        scaling[1] = (-scaling[1][0], scaling[1][1])
    return scaling


def _any_scaling(draw: Draw) -> tuple[int, int]:
    return draw.requantization(float(1 << 27))
