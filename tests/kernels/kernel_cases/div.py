# SPDX-License-Identifier: Apache-2.0
"""Cases of quantized_div, of int8 and of int16."""

from __future__ import annotations

import torch

from kernel_cases.broadcast import Operands
from kernel_cases.case_file import Case
from kernel_cases.draw import Draw


def div(draw: Draw) -> Case:
    """Divisors of 0 among them; a quotient's half is a tie."""
    zero_points = [draw.zero_point() for _ in range(3)]
    return _case(draw, "quantized_div", Operands(draw, draw.int8), zero_points)


def div_s16(draw: Draw) -> Case:
    """As div, of int16."""
    limit = draw.choice(3, 300, 32767)
    zero_points = [draw.integer(-limit, limit) for _ in range(3)]
    operands = Operands(draw, lambda *shape: draw.int32(limit, *shape).astype("int16"))
    return _case(draw, "quantized_div_s16", operands, zero_points)


def _case(draw: Draw, kernel: str, operands: Operands, zero_points: list[int]) -> Case:
    scale = draw.choice(draw.power_of_two(-3, 8), 0.5, 1.0, 2.0 ** draw.integer(-4, 12),
                        draw.power_of_two(-140, 100))  # fmt: skip
    result = torch.ops.cortex_m.quantized_div(
        operands.tensors[0], zero_points[0], operands.tensors[1], zero_points[1],
        zero_points[2], scale,
    )  # fmt: skip
    params = {
        "shape": operands.shape,
        "self_zero_point": zero_points[0],
        "other_zero_point": zero_points[1],
        "output_zero_point": zero_points[2],
        "output_scale": scale,
    }
    description = f"{operands} zero {zero_points} scale {scale!r}"
    return Case(kernel, description, params, operands.buffers, operands.stored(result))
