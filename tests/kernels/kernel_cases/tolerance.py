# SPDX-License-Identifier: Apache-2.0
"""How far float32 results may be off."""

from __future__ import annotations

import numpy as np

_SMALLEST_NORMAL = np.float32(2.0**-126)


def ulps(count: float, magnitude: np.ndarray) -> np.ndarray:
    """So many units in the last place of each magnitude; results below all normal ones may be 0."""
    magnitude = np.where(np.isfinite(magnitude), np.abs(magnitude), 0).astype(np.float32)
    allowed = np.spacing(magnitude).astype(np.float64) * count
    return np.where(magnitude < _SMALLEST_NORMAL, _SMALLEST_NORMAL, allowed).astype(np.float32)


def exact(expected: np.ndarray) -> np.ndarray:
    """Every bit, except those of a NaN."""
    return np.zeros(expected.shape, dtype=np.float32)
