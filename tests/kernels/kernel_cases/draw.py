# SPDX-License-Identifier: Apache-2.0
"""Values of the kinds quantized networks have, and of those they should never have.

Every decision is one that hypothesis makes, so that it can look for a simpler case that fails
too. What is listed first is the simplest, and numbers near 0 are simpler than others.
"""

from __future__ import annotations

import numpy as np
from executorch.backends.cortex_m.passes.passes_utils import quantize_multiplier_aot
from hypothesis.internal.conjecture.data import ConjectureData

INT32_MIN = -(2**31)
INT32_MAX = 2**31 - 1

# Elements that are drawn one by one; more of them come from a seed.
_SINGLE_BYTES = 256
_SINGLE_INTEGERS = 8


class Draw:
    """A source of values for one case.

    The decisions are hypothesis's primitive ones: a strategy for each of the hundreds of numbers
    in a case costs several times as much, and makes most cases variations of a few.
    """

    def __init__(self, data: ConjectureData) -> None:
        self._data = data

    def chance(self, probability: float) -> bool:
        """True this often."""
        return self.integer(0, 999) >= 1000 - round(1000 * probability)

    def integer(self, low: int, high: int) -> int:
        """An integer in low .. high, both included."""
        return self._data.draw_integer(low, high)

    def choice(self, *values):
        """One of the values."""
        return values[self.integer(0, len(values) - 1)]

    def uniform(self, low: float, high: float) -> float:
        """A float between the two."""
        return low + (high - low) * self.integer(0, 2**32 - 1) / 2**32

    def power_of_two(self, low: float, high: float) -> float:
        """2 to a power between the two: a scale, uniform in its logarithm."""
        return 2.0 ** self.uniform(low, high)

    def int8(self, *shape: int) -> np.ndarray:
        """Activations or weights: all values, few values, or only the ends of the range."""
        kind = self.integer(0, 9)
        if kind == 0:
            return np.full(shape, self.choice(0, 1, -1, 127, -128), dtype=np.int8)
        values = self._bytes(shape)
        if kind == 1:
            return values % 7 - 3
        if kind == 2:
            return np.where(values < 0, -128, 127).astype(np.int8)
        return values

    def normal(self, deviation: float, *shape: int) -> np.ndarray:
        """Float32 values around 0."""
        rng = self._generator()
        values = np.zeros(shape) if rng is None else rng.standard_normal(shape)
        return (values * deviation).astype(np.float32)

    def int32(self, limit: int, *shape: int) -> np.ndarray:
        """Values in -limit .. limit."""
        count = int(np.prod(shape, dtype=np.int64))
        if count <= _SINGLE_INTEGERS:
            values = np.array([self.integer(-limit, limit) for _ in range(count)], dtype=np.int64)
            return values.reshape(shape).astype(np.int32)
        rng = self._generator()
        if rng is None:
            return np.zeros(shape, dtype=np.int32)
        return rng.integers(-limit, limit, shape, dtype=np.int64, endpoint=True).astype(np.int32)

    def bias(self, deviation: float, count: int) -> np.ndarray:
        """Biases of the size of the sums they are added to, or at the ends of int32."""
        if self.chance(0.1):
            ends = np.array([0, INT32_MAX, INT32_MAX - 1, INT32_MIN], dtype=np.int64)
            return ends[self._bytes((count,)) & 3].astype(np.int32)
        return self.int32(int(2 * deviation) + 1, count)

    def permutation(self, count: int) -> list[int]:
        """The numbers below count in any order."""
        order = list(range(count))
        for place in range(count - 1):
            other = self.integer(place, count - 1)
            order[place], order[other] = order[other], order[place]
        return order

    def zero_point(self) -> int:
        """A zero point, often one at an end of the range."""
        return self.choice(0, -128, 127, -1, 1, *[self.integer(-128, 127)] * 5)

    def activation(self) -> tuple[int, int]:
        """Bounds of an output: usually all of int8, else a part of it, once a single value."""
        if not self.chance(0.4):
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
            2**30, 2**30 + 1, INT32_MAX, INT32_MAX - 1, 0, 1, -1, INT32_MIN, -INT32_MAX,
            *[self.integer(2**30, INT32_MAX)] * 6, self.integer(INT32_MIN, INT32_MAX),
        )  # fmt: skip
        shift = self.choice(
            0, 1, -1, 7, 30, 31, 32, 33, 63, -30, -31, -32, -33, -63,
            *[self.integer(-24, 8)] * 8, self.integer(-63, 63),
        )  # fmt: skip
        return multiplier, shift

    def _bytes(self, shape: tuple[int, ...]) -> np.ndarray:
        """Any int8 values; those of a small array get simpler one by one."""
        count = int(np.prod(shape, dtype=np.int64))
        if count <= _SINGLE_BYTES:
            drawn = self._data.draw_bytes(count, count)
            folded = np.frombuffer(drawn, dtype=np.uint8).reshape(shape)
            return ((folded >> 1) ^ -(folded & 1)).astype(np.int8)  # 0, -1, 1, -2 ...
        rng = self._generator()
        if rng is None:
            return np.zeros(shape, dtype=np.int8)
        return rng.integers(-128, 127, shape, dtype=np.int8, endpoint=True)

    def _generator(self) -> np.random.Generator | None:
        """A generator of numbers; None, the simplest, stands for zeros."""
        seed = self.integer(0, 2**32 - 1)
        return np.random.default_rng(seed) if seed else None
