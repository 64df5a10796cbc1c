# SPDX-License-Identifier: Apache-2.0
"""Cases of quantized_add_dense and quantized_mul_dense: operands that lie like the output."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from executorch.backends.cortex_m.passes.passes_utils import quantize_multiplier_aot

from kernel_cases.add import add_case
from kernel_cases.broadcast import MAX_RANK
from kernel_cases.case_file import Case
from kernel_cases.choice import given_to
from kernel_cases.draw import INT32_MAX, Draw
from kernel_cases.folded import near, requantization
from kernel_cases.mul import mul_case

# An operand's sum with 20 fraction bits.
_DEVIATION = float(1 << 27)
_WHOLE = 2048  # divides a multiplier whose product is not shifted


class Pair:
    """Two operands of one row, which is also what a plan makes of any equal layouts.

    It has what broadcast.Operands has.
    """

    def __init__(self, buffers: Sequence[np.ndarray]) -> None:
        self.buffers = list(buffers)
        self.tensors = [torch.from_numpy(buffer) for buffer in buffers]
        unused = [0] * (MAX_RANK - 1)
        self.shape = (1, [buffers[0].size, *unused], [1, *unused], [1, *unused])

    def stored(self, result: torch.Tensor) -> np.ndarray:
        """The output in memory order."""
        return result.numpy()

    def __str__(self) -> str:
        return f"{self.buffers[0].size} elements"


def _pair(draw: Draw) -> Pair:
    if draw.chance(0.05):  # every value with others
        values = np.arange(-128, 128).astype(np.int8), draw.int8(draw.integer(1, 40))
        return Pair([pairs.reshape(-1) for pairs in np.meshgrid(*values, indexing="ij")])
    count = draw.choice(
        draw.integer(1, 40), draw.integer(1, 200), near(draw, 4, 16, 32, 64), draw.integer(1, 3000)
    )
    return Pair([draw.int8(count), draw.int8(count)])


def add_dense(draw: Draw) -> Case:
    """Scales as the lowering computes them, and any others that the kernel takes."""
    zero_points = [draw.zero_point() for _ in range(3)]
    scaling = _lowered(draw) if draw.chance(0.5) else [_operand(draw), _operand(draw)]
    if len(scaling) == 2:
        scaling.append(requantization(draw, _DEVIATION))
    case = add_case(_pair(draw), zero_points, scaling, draw.activation())
    return given_to(case, "quantized_add_dense")


def mul_dense(draw: Draw) -> Case:
    """Scales as the lowering computes them, and any others that the kernel takes."""
    zero_points = [draw.zero_point() for _ in range(3)]
    scaling = requantization(draw, draw.choice(5500.0, 65025.0, 100.0))
    return given_to(mul_case(_pair(draw), zero_points, scaling), "quantized_mul_dense")


def _lowered(draw: Draw) -> list[tuple[int, int]]:
    """The larger operand, scaled by a half, needs no shift."""
    scales = [draw.power_of_two(-10, 2) for _ in range(2)]
    if draw.chance(0.2):
        scales[1] = scales[0]
    largest = 2 * max(scales)
    output_scale = max(scales) * draw.power_of_two(-2, 2)
    factors = [scale / largest for scale in scales]
    factors.append(largest / (output_scale * (1 << 20)))
    return [quantize_multiplier_aot(factor) for factor in factors]


def _operand(draw: Draw) -> tuple[int, int]:
    if draw.chance(0.3):  # without a shift
        most = INT32_MAX // _WHOLE
        return _WHOLE * draw.choice(0, 1, most, draw.integer(0, most)), 0
    multiplier, shift = requantization(draw, float(1 << 20))
    return multiplier, draw.choice(shift, -draw.integer(1, 10))
