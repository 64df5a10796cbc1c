# SPDX-License-Identifier: Apache-2.0
"""Cases of the elementwise operators of two operands in float32 and in integers, and of where."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from kernel_cases.broadcast import Operands
from kernel_cases.case_file import Case
from kernel_cases.draw import Draw
from kernel_cases.tolerance import exact, ulps

_RANK = 6
_POW_ULPS = 2
_FLOAT = ("add", "sub", "mul", "div", "minimum", "maximum", "pow", "fmod")
_COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")
_INTEGER = ("add", "sub", "mul", *_COMPARISONS)
_SPECIAL = np.array([0, 1, -1, 0.5, 3e38, -3e38, 1e-40, np.inf, -np.inf, np.nan], np.float32)


def floats(draw: Draw) -> Case:
    """All shapes, either operand a number, infinities and NaN."""
    name = draw.choice(*_FLOAT, *_COMPARISONS)

    def values(*shape: int) -> np.ndarray:
        x = draw.normal(draw.choice(1.0, 10.0, draw.power_of_two(-30, 30)), *shape)
        if name in _COMPARISONS:
            x = np.round(x)
        if draw.chance(0.2):
            x = np.where(draw.int32(9, *shape) > 6, draw.choice(*_SPECIAL), x)
        return np.abs(x) if name == "pow" and draw.chance(0.7) else x.astype(np.float32)

    operands = Operands(draw, values)
    alpha = draw.choice(1.0, 1.0, -1.0, 0.5, draw.uniform(-3, 3)) if name in ("add", "sub") else 1.0
    alpha = float(np.float32(alpha))
    function = getattr(torch, name)
    keywords = {"alpha": alpha} if alpha != 1.0 else {}
    return _case(draw, f"{name}_f32", operands, lambda a, b: function(a, b, **keywords), alpha)


def integers(draw: Draw) -> Case:
    """int32 and int64 with wrapping, and bool."""
    if draw.chance(0.15):
        name = draw.choice("logical_and", "logical_or", "logical_xor")
        operands = Operands(draw, lambda *shape: draw.int32(1, *shape) > 0)
        return _case(draw, f"{name}_u8", operands, getattr(torch, name), None)
    wide = draw.chance(0.5)
    name = draw.choice(*_INTEGER, *(("minimum", "maximum", "fmod") if wide else ()))
    dtype = np.int64 if wide else np.int32
    limit = draw.choice(3, 100, 2**31 - 1)

    def values(*shape: int) -> np.ndarray:
        x = draw.int32(limit, *shape).astype(dtype)
        return x * draw.choice(1, 2**31 - 1) if wide else x

    def function(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        if name == "fmod":  # torch refuses to divide by 0
            return torch.where(b == 0, 0, torch.fmod(a, torch.where(b == 0, 1, b)))
        return getattr(torch, name)(a, b, **keywords)

    operands = Operands(draw, values)
    alpha = draw.choice(1, 1, -1, draw.integer(-5, 5)) if name in ("add", "sub") else 1
    keywords = {"alpha": alpha} if alpha != 1 else {}
    return _case(draw, f"{name}_{'s64' if wide else 's32'}", operands, function, alpha)


def _case(
    draw: Draw,
    kernel: str,
    operands: Operands,
    function: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    alpha: float | None,
) -> Case:
    buffers: list[np.ndarray | None] = list(operands.buffers)
    shape = [list(part) if isinstance(part, list) else part for part in operands.shape]
    tensors = list(operands.tensors)
    scalar = 0
    if draw.chance(0.2):  # a number instead of an operand
        place = draw.integer(0, 1)
        scalar = buffers[place].reshape(-1)[0].item()
        if isinstance(scalar, float) or abs(scalar) < 2**31:
            tensors[place] = torch.full_like(tensors[place], scalar)
            buffers[place] = None
            shape[2 + place] = [0] * _RANK
        else:
            scalar = 0
    with np.errstate(all="ignore"):
        expected = operands.stored(function(*tensors))
    params = {
        "shape": tuple(shape),
        "alpha": 1 if alpha is None else alpha,
        "scalar": scalar,
    }
    tolerance = None
    if expected.dtype == np.float32:
        near = kernel == "pow_f32"
        tolerance = ulps(_POW_ULPS, expected) if near else exact(expected)
        expected = np.where(expected == 0, np.abs(expected), expected) if near else expected
    if expected.dtype == bool:
        expected = expected.view(np.uint8)
    description = f"{operands} scalar {scalar} alpha {alpha}"
    return Case(kernel, description, params, buffers, expected, tolerance=tolerance)


def where(draw: Draw) -> Case:
    """Three operands, each repeated along some dimensions and in a memory order of its own."""
    rank = draw.integer(0, _RANK)
    sizes = [draw.integer(1, 7 if rank < 4 else 3) for _ in range(rank)]
    dtype = draw.choice(np.float32, np.int8, np.int32, np.int64)
    buffers, tensors, strides = [], [], []
    for role in range(3):
        own = [draw.choice(size, size, 1) for size in sizes]
        way = draw.permutation(rank)
        stored = draw.int32(100, *(own[dim] for dim in way))
        stored = stored > 0 if role == 0 else stored.astype(dtype)
        logical = stored.transpose(np.argsort(way)) if rank else stored
        buffers.append(stored)
        tensors.append(torch.from_numpy(np.broadcast_to(logical, sizes).copy()))
        strides.append(
            [0 if own[d] == 1 else logical.strides[d] // logical.itemsize for d in range(rank)]
        )
    unused = [0] * (_RANK - rank)
    params = {
        "element_bytes": np.dtype(dtype).itemsize,
        "rank": rank,
        "output_dims": sizes + unused,
        "condition_strides": strides[0] + unused,
        "self_strides": strides[1] + unused,
        "other_strides": strides[2] + unused,
    }
    expected = torch.where(*tensors).numpy()
    return Case("where", f"{np.dtype(dtype)} {sizes} {strides}", params, buffers, expected)
