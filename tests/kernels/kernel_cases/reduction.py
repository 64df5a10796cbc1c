# SPDX-License-Identifier: Apache-2.0
"""Cases of the float32 reductions and softmax."""

from __future__ import annotations

import numpy as np
import torch

from kernel_cases.case_file import Case
from kernel_cases.draw import Draw
from kernel_cases.tolerance import exact, ulps

_RANK = 6
_SUM_ULPS = 4


def reduction(draw: Draw) -> Case:
    """Any dimensions of tensors in any memory order, equal elements, NaN."""
    name = draw.choice("sum", "mean", "amax", "amin", "argmax", "argmin")
    rank = draw.integer(1, 5)
    sizes = [draw.integer(1, 9 if rank < 4 else 4) for _ in range(rank)]
    stored, logical = _tensor(draw, sizes, draw.choice(False, name.startswith("a")))
    strides = [step // 4 for step in logical.strides]
    dims = sorted(draw.permutation(rank)[: draw.integer(1, rank)])
    if name.startswith("arg"):  # one dimension, or all of them
        dims = draw.choice(dims[:1], list(range(rank)))
    kept = [dim for dim in range(rank) if dim not in dims]
    x = torch.from_numpy(logical.copy())
    if name.startswith("arg"):
        function = getattr(torch, name)
        expected = (function(x, dims[0]) if len(dims) == 1 else function(x)).numpy()
        tolerance = None
    else:
        expected = getattr(torch, name)(x, dims).numpy()
        tolerance = exact(expected)
    if name in ("sum", "mean"):
        tolerance = ulps(_SUM_ULPS, getattr(torch, name)(x.abs(), dims).numpy())
    params = {
        "kept": len(kept),
        "reduced": len(dims),
        "kept_dims": _filled(sizes[dim] for dim in kept),
        "kept_strides": _filled(strides[dim] for dim in kept),
        "reduced_dims": _filled(sizes[dim] for dim in dims),
        "reduced_strides": _filled(strides[dim] for dim in dims),
    }
    description = f"{sizes} strides {strides} dims {dims}"
    return Case(f"{name}_f32", description, params, [stored], expected, tolerance=tolerance)


def _tensor(draw: Draw, sizes: list[int], special: bool) -> tuple[np.ndarray, np.ndarray]:
    way = draw.permutation(len(sizes))
    shape = [sizes[dim] for dim in way]
    stored = draw.normal(draw.choice(1.0, 1000.0), *shape) + np.float32(draw.choice(0.0, 5.0))
    if special:
        stored = np.round(stored)
        if draw.chance(0.2):
            stored = np.where(draw.int32(9, *shape) > 6, np.float32(np.nan), stored)
    stored = (stored + np.float32(0)).astype(np.float32)
    return stored, stored.transpose(np.argsort(way))


def _filled(numbers) -> list[int]:
    numbers = list(numbers)
    return numbers + [0] * (_RANK - len(numbers))


def softmax(draw: Draw) -> Case:
    """Along inner and outer dimensions, with one element, and with large differences."""
    name = draw.choice("softmax", "log_softmax")
    outer, size = draw.integer(1, 4), draw.choice(1, 2, 10, draw.integer(1, 80))
    inner = draw.choice(1, 1, draw.integer(1, 6))
    x = draw.normal(draw.choice(1.0, 10.0, 100.0), outer, size, inner)
    if draw.chance(0.1):
        x[:, 0] = draw.choice(np.inf, -np.inf, np.nan) if size > 1 else 1.0
    expected = getattr(torch, name)(torch.from_numpy(x), 1).numpy()
    params = {"outer": outer, "size": size, "inner": inner}
    if name == "softmax":
        tolerance = ulps(4 + size / 16, expected)
    else:
        with np.errstate(invalid="ignore"):
            beyond = np.abs(x - x.max(1, keepdims=True))
            tolerance = ulps(2, np.fmax(np.fmax(np.abs(expected), beyond), 1))
    return Case(
        f"{name}_f32", f"{outer}x{size}x{inner}", params, [x], expected, tolerance=tolerance
    )
