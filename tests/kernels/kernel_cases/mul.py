# SPDX-License-Identifier: Apache-2.0
"""Cases of quantized_mul."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from executorch.backends.cortex_m.passes.passes_utils import quantize_multiplier_aot

from kernel_cases.broadcast import Operands
from kernel_cases.case_file import Case
from kernel_cases.draw import Draw


def mul(draw: Draw) -> Case:
    """Any broadcast and memory order, scales as the lowering computes them and any others."""
    operands = Operands(draw, draw.int8)
    zero_points = [draw.zero_point() for _ in range(3)]
    if draw.chance(0.1):  # hardswish has zero points outside int8
        zero_points = [draw.integer(-600, 600) for _ in range(3)]
    if draw.chance(0.8):
        scales = [draw.power_of_two(-10, 2) for _ in range(2)]
        output_scale = scales[0] * scales[1] * draw.power_of_two(0, 10)
        multiplier, shift = quantize_multiplier_aot(scales[0] * scales[1] / output_scale)
    else:
        multiplier, shift = draw.any_requantization()
    return mul_case(operands, zero_points, (multiplier, shift))


def mul_case(operands: Operands, zero_points: Sequence[int], scaling: tuple[int, int]) -> Case:
    """A call of quantized_mul.

    Args:
        operands: they may be any object with the same attributes.
        zero_points: of self, other and output.
        scaling: multiplier and shift.
    """
    multiplier, shift = scaling
    result = torch.ops.cortex_m.quantized_mul(
        operands.tensors[0], zero_points[0], operands.tensors[1], zero_points[1],
        zero_points[2], multiplier, shift,
    )  # fmt: skip
    params = {
        "shape": operands.shape,
        "self_zero_point": zero_points[0],
        "other_zero_point": zero_points[1],
        "output_zero_point": zero_points[2],
        "output_multiplier": multiplier,
        "output_shift": shift,
    }
    description = f"{operands} multiplier {multiplier} shift {shift} zero {zero_points}"
    return Case("quantized_mul", description, params, operands.buffers, operands.stored(result))
