# SPDX-License-Identifier: Apache-2.0
"""Random values of the kinds quantized networks have, and of those they should never have."""

from __future__ import annotations

import numpy as np
from executorch.backends.cortex_m.passes.passes_utils import quantize_multiplier_aot

INT32_MIN = -(2**31)
INT32_MAX = 2**31 - 1


class Draw:
    """A source of values for one case; equal seeds give equal cases."""

    def __init__(self, *seed: int) -> None:
        self._rng = np.random.default_rng(seed)

    def chance(self, probability: float) -> bool:
        """True this often."""
        return bool(self._rng.random() < probability)

    def integer(self, low: int, high: int) -> int:
        """An integer in low .. high, both included."""
        return int(self._rng.integers(low, high, endpoint=True))

    def choice(self, *values):
        """One of the values."""
        return values[self.integer(0, len(values) - 1)]

    def uniform(self, low: float, high: float) -> float:
        """A float between the two."""
        return float(self._rng.uniform(low, high))

    def power_of_two(self, low: float, high: float) -> float:
        """2 to a power between the two: a scale, uniform in its logarithm."""
        return 2.0 ** self.uniform(low, high)

    def int8(self, *shape: int) -> np.ndarray:
        """Activations or weights: all values, few values, or only the ends of the range."""
        kind = self.integer(0, 9)
        if kind == 0:
            values = self._rng.choice([-128, 127], shape)
        elif kind == 1:
            values = np.full(shape, self.choice(-128, -1, 0, 1, 127))
        elif kind == 2:
            values = self._rng.integers(-3, 3, shape, endpoint=True)
        else:
            values = self._rng.integers(-128, 127, shape, endpoint=True)
        return values.astype(np.int8)

    def normal(self, deviation: float, *shape: int) -> np.ndarray:
        """Float32 values around 0."""
        return (self._rng.standard_normal(shape) * deviation).astype(np.float32)

    def int32(self, limit: int, *shape: int) -> np.ndarray:
        """Values in -limit .. limit."""
        return self._rng.integers(-limit, limit, shape, dtype=np.int64, endpoint=True).astype(
            np.int32
        )

    def bias(self, deviation: float, count: int) -> np.ndarray:
        """Biases of the size of the sums they are added to, or at the ends of int32."""
        if self.chance(0.1):
            ends = self._rng.choice([INT32_MIN, INT32_MAX, INT32_MAX - 1, 0], count)
            return ends.astype(np.int64).astype(np.int32)
        return self.int32(int(2 * deviation) + 1, count)

    def permutation(self, count: int) -> list[int]:
        """The numbers below count in any order."""
        return [int(i) for i in self._rng.permutation(count)]

    def zero_point(self) -> int:
        """A zero point, often one at an end of the range."""
        return self.choice(-128, 127, 0, -1, 1, *[self.integer(-128, 127)] * 5)

    def activation(self) -> tuple[int, int]:
        """Bounds of an output: usually all of int8, else a part of it, once a single value."""
        if self.chance(0.6):
            return -128, 127
        low = self.integer(-128, 127)
        return low, self.integer(low, 127)

    def requantization(self, deviation: float) -> tuple[int, int]:
        """Multiplier and shift which bring sums of this deviation to the range of int8.

        One in five is any multiplier and shift.
        """
        if self.chance(0.2):
            return self.any_requantization()
        return quantize_multiplier_aot(self.uniform(4, 120) / max(deviation, 1.0))

    def any_requantization(self) -> tuple[int, int]:
        """Any multiplier and shift, often at an end of their range."""
        multiplier = self.choice(
            0, 1, -1, 2**30, 2**30 + 1, INT32_MAX, INT32_MAX - 1, INT32_MIN, -INT32_MAX,
            *[self.integer(2**30, INT32_MAX)] * 6, self.integer(INT32_MIN, INT32_MAX),
        )  # fmt: skip
        shift = self.choice(
            0, 1, -1, 7, 30, 31, 32, 33, 63, -30, -31, -32, -33, -63,
            *[self.integer(-24, 8)] * 8, self.integer(-63, 63),
        )  # fmt: skip
        return multiplier, shift
