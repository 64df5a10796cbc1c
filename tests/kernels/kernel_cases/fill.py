# SPDX-License-Identifier: Apache-2.0
"""Cases of fill, arange and index."""

from __future__ import annotations

import numpy as np
import torch

from kernel_cases.case_file import Case
from kernel_cases.draw import Draw
from kernel_cases.tolerance import ulps

_INDEX_RANK = 4


def fill(draw: Draw) -> Case:
    """Constants of every size, and ranges."""
    if draw.chance(0.5):
        return _arange(draw)
    count = draw.integer(1, 80)
    dtype = draw.choice(np.int8, np.int16, np.float32, np.int32, np.int64)
    value = np.array([draw.integer(-128, 127)], dtype) * dtype(draw.choice(1, 1, 77))
    low, high = np.frombuffer(value.tobytes() + bytes(8 - value.nbytes), np.int32)
    params = {
        "count": count,
        "element_bytes": value.itemsize,
        "value_low": int(low),
        "value_high": int(high),
    }
    return Case("fill", f"{value.dtype} {value}", params, [], np.repeat(value, count))


def _arange(draw: Draw) -> Case:
    count = draw.integer(1, 80)
    start, step = draw.integer(-50, 50), draw.choice(1, 2, -1, draw.integer(-9, 9))
    kind = draw.choice("f32", "s32", "s64")
    dtype = {"f32": np.float32, "s32": np.int32, "s64": np.int64}[kind]
    if kind == "f32":
        start, step = start / 4, draw.choice(step, draw.uniform(-1, 1))
        start, step = float(np.float32(start)), float(np.float32(step))
    numbers = start + np.arange(count) * step
    expected = numbers.astype(dtype)
    tolerance = ulps(1, np.abs(start) + np.abs(numbers)) if kind == "f32" else None
    params = {"count": count, "start": start, "step": step}
    return Case(
        f"arange_{kind}", f"{start} by {step}", params, [], expected, tolerance=tolerance
    )  # fmt: skip


def index(draw: Draw) -> Case:
    """One to four neighbouring dimensions, indices broadcast together, negative ones."""
    dtype = draw.choice(np.int8, np.float32, np.int64)
    outer = [draw.integer(1, 3) for _ in range(draw.integer(0, 2))]
    inner = [draw.integer(1, 4) for _ in range(draw.integer(0, 2))]
    sizes = [draw.integer(1, 5) for _ in range(draw.choice(1, 1, 2, 3, _INDEX_RANK))]
    x = draw.int32(100, *outer, *sizes, *inner).astype(dtype)
    shape = [draw.integer(1, 4) for _ in range(draw.integer(1, 3))]
    kind = draw.choice(np.int64, np.int32)
    indices, strides = [], []
    for size in sizes:
        own = shape if draw.chance(0.6) else [draw.choice(1, length) for length in shape]
        numbers = draw.int32(2**30, *own).astype(np.int64) % (2 * size) - size
        indices.append(numbers.astype(kind))
        strides += [
            0 if own[d] == 1 else indices[-1].strides[d] // indices[-1].itemsize
            for d in range(len(shape))
        ] + [0] * (_INDEX_RANK - len(shape))
    shape = list(np.broadcast_shapes(*(numbers.shape for numbers in indices)))
    selected = (slice(None),) * len(outer) + tuple(torch.from_numpy(i) for i in indices)
    expected = torch.from_numpy(x)[selected].contiguous().numpy()
    params = {
        "outer": int(np.prod(outer, dtype=np.int64)),
        "inner_bytes": int(np.prod(inner, dtype=np.int64)) * x.itemsize,
        "index_bytes": np.dtype(kind).itemsize,
        "indexed": len(sizes),
        "sizes": sizes + [0] * (_INDEX_RANK - len(sizes)),
        "rank": len(shape),
        "dims": shape + [0] * (_INDEX_RANK - len(shape)),
        "strides": strides + [0] * (_INDEX_RANK * (_INDEX_RANK - len(sizes))),
    }
    buffers = [x, *indices, *[None] * (_INDEX_RANK - len(sizes))]
    return Case("index", f"{x.shape} by {shape} {np.dtype(kind)}", params, buffers, expected)
