# SPDX-License-Identifier: Apache-2.0
"""Weights, biases and requantizations up to the edges of what the folded kernels require."""

from __future__ import annotations

import numpy as np
from cortex_m_plan.choice.conditions import SUM_LIMIT
from executorch.backends.cortex_m.passes.passes_utils import quantize_multiplier_aot

from kernel_cases.draw import INT32_MAX, Draw

SHIFTS = (-23, -1)
_HEAVY = 1 << 16  # what a channel's weights may not add up to where channels share a word


def near(draw: Draw, *centres: int) -> int:
    """A number beside a multiple of a block's size, or on it."""
    return max(draw.choice(*centres) + draw.choice(0, 0, 1, -1), 1)


def weights(draw: Draw, outputs: int, taps: int) -> np.ndarray:
    """Weights [outputs][taps] of all sizes; -128 is seldom beside another one."""
    values = draw.int8(outputs, taps)
    if taps > _HEAVY // 128 and draw.chance(0.5):
        return _heavy(draw, values)
    if draw.chance(0.15):  # as close to each other as they may be
        values = values.copy()
        values[:, draw.integer(0, 1) :: 2] = -128
    return values if draw.chance(0.1) else _apart(values)


def _heavy(draw: Draw, values: np.ndarray) -> np.ndarray:
    """Magnitudes of a channel that add up to the edge, or to one more."""
    channels = [_of_magnitude(row, _HEAVY - draw.choice(1, 1, 1, 2, 0)) for row in values]
    return np.array(channels, dtype=np.int8)


def _of_magnitude(values: np.ndarray, total: int) -> np.ndarray:
    """Values of the same signs that add up to it, as many as possible large ones."""
    sizes = np.zeros(values.size, dtype=np.int64)
    full, rest = divmod(total, 127)
    if full >= values.size:
        sizes[:] = 127
        sizes[: 2 * (total - 127 * values.size) : 2] += 1  # -128, not beside each other
    else:
        sizes[:full] = 127
        sizes[full] = rest
    return np.where((values < 0) | (sizes == 128), -sizes, sizes).astype(np.int8)


def _apart(values: np.ndarray) -> np.ndarray:
    """Without a -128 after another one."""
    values = values.copy()
    for tap in range(1, values.shape[1]):
        both = (values[:, tap - 1] == -128) & (values[:, tap] == -128)
        values[both, tap] = -127
    return values


def biases(draw: Draw, magnitudes: np.ndarray, largest: int = 255) -> np.ndarray | None:
    """Biases of the size of the sums, of any size, or as large as they may be.

    Args:
        magnitudes: what each channel's weights add up to, their signs aside.
        largest: the largest absolute value of an input.
    """
    most = SUM_LIMIT - 1 - largest * magnitudes.astype(np.int64)
    kind = draw.integer(0, 9)
    if kind == 0:
        return None
    if kind == 1:
        return (most * draw.choice(1, -1)).astype(np.int32)
    if kind == 2:
        less = np.abs(draw.int8(most.size)).astype(np.int64) % 3
        signs = np.where(draw.int8(most.size) < 0, -1, 1)
        return (np.maximum(most - less, 0) * signs).astype(np.int32)
    if kind == 3:
        return draw.int32(int(most.min()), most.size)
    deviation = 5500.0 * (float(magnitudes.max()) / 64 + 1) ** 0.5
    return draw.int32(min(int(2 * deviation), int(most.min())), most.size)


def requantization(draw: Draw, deviation: float) -> tuple[int, int]:
    """A multiplier and shift which the folded kernels take, most of them for such sums."""
    low, high = SHIFTS
    if not draw.chance(0.3):
        multiplier, shift = quantize_multiplier_aot(draw.uniform(4, 120) / max(deviation, 1.0))
        return multiplier, min(max(shift, low), high)
    multiplier = draw.choice(
        2**30, 2**30 + 1, INT32_MAX, INT32_MAX - 1, 0, 1,
        *[draw.integer(2**30, INT32_MAX)] * 4, draw.integer(0, INT32_MAX),
    )  # fmt: skip
    return multiplier, draw.choice(
        low, high, low + 1, -15, -16, -17, *[draw.integer(low, high)] * 4
    )


def requantizations(
    draw: Draw, bias: np.ndarray | None, taps: int, outputs: int
) -> list[tuple[int, int]]:
    """One for each output channel, for sums of the size of the biases where these are large."""
    largest = 0 if bias is None else int(np.abs(bias.astype(np.int64)).max())
    deviation = max(5500.0 * taps**0.5, largest / 4)
    return [requantization(draw, deviation) for _ in range(outputs)]
