# SPDX-License-Identifier: Apache-2.0
"""Cases of matmul_f32."""

from __future__ import annotations

import numpy as np
import torch

from kernel_cases.case_file import Case
from kernel_cases.draw import Draw
from kernel_cases.tolerance import ulps


def matmul(draw: Draw) -> Case:
    """Batches, operands in both memory orders, biases of every broadcast, factors."""
    batch = draw.choice(1, 1, draw.integer(2, 3))
    rows, columns = draw.integer(1, 7), draw.integer(1, 9)
    inner = draw.choice(1, 2, 8, draw.integer(1, 40))
    one, one_strides = _matrix(draw, batch, rows, inner)
    other, other_strides = _matrix(draw, batch, inner, columns)
    bias, bias_strides = None, (0, 0, 0)
    alpha, beta = 1.0, 1.0
    a, b = torch.from_numpy(one[1]), torch.from_numpy(other[1])
    product = torch.bmm(a, b).double().numpy()
    magnitude = torch.bmm(a.double().abs(), b.double().abs()).numpy()
    if draw.chance(0.7):
        shape = [draw.choice(1, size) for size in (batch, rows, columns)]
        bias = draw.normal(1.0, *shape)
        bias_strides = tuple(
            0 if size == 1 else step // 4 for size, step in zip(shape, bias.strides, strict=True)
        )
        if draw.chance(0.3):
            alpha, beta = (float(np.float32(draw.uniform(-2, 2))) for _ in range(2))
        full = np.broadcast_to(bias, product.shape).astype(np.float64)
        product = beta * full + alpha * product
        magnitude = np.abs(beta * full) + np.abs(alpha) * magnitude
        a_bias = torch.from_numpy(np.broadcast_to(bias, product.shape).copy())
        expected = torch.baddbmm(a_bias, a, b, beta=beta, alpha=alpha).numpy()
    else:
        expected = torch.bmm(a, b).numpy()
    params = {
        "batch": batch,
        "rows": rows,
        "inner": inner,
        "columns": columns,
        "alpha": alpha,
        "beta": beta,
    }
    names = (("self", "batch row inner"), ("other", "batch inner column"))
    for (role, dims), strides in zip(names, (one_strides, other_strides), strict=True):
        params |= {f"{role}_{d}_stride": s for d, s in zip(dims.split(), strides, strict=True)}
    for dim, step in zip(("batch", "row", "column"), bias_strides, strict=True):
        params[f"bias_{dim}_stride"] = step
    return Case(
        "matmul_f32", f"{batch}x {rows}x{inner}x{columns} alpha {alpha} beta {beta}", params,
        [one[0], other[0], bias], expected, tolerance=ulps(inner / 2 + 3, magnitude),
    )  # fmt: skip


def _matrix(draw: Draw, batch: int, rows: int, columns: int):
    """A batch of matrices as stored and as it is, and its strides."""
    if draw.chance(0.5):
        stored = draw.normal(1.0, batch, columns, rows)
        return (stored, stored.transpose(0, 2, 1).copy()), (rows * columns, 1, rows)
    stored = draw.normal(1.0, batch, rows, columns)
    return (stored, stored), (rows * columns, columns, 1)
