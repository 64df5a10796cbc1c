# SPDX-License-Identifier: Apache-2.0
"""Cases of quantized_batch_matmul."""

from __future__ import annotations

import torch

from kernel_cases.case_file import Case
from kernel_cases.draw import Draw


def batch_matmul(draw: Draw) -> Case:
    """Inner sizes up to where the reference's float32 sums stop being exact."""
    batch, rows, columns = draw.choice(1, 1, 2, 5), draw.integer(1, 7), draw.integer(1, 13)
    inner = draw.choice(1, 2, 3, 4, 15, 16, 17, draw.integer(1, 64), draw.integer(65, 258))
    lhs = draw.int8(batch, rows, inner)
    rhs = draw.int8(batch, columns, inner)
    offsets = [-draw.zero_point() for _ in range(2)]
    zero_point = draw.zero_point()
    multiplier, shift = draw.requantization(5500.0 * inner**0.5)
    expected = torch.ops.cortex_m.quantized_batch_matmul(
        torch.from_numpy(lhs),
        offsets[0],
        torch.from_numpy(rhs),
        offsets[1],
        zero_point,
        multiplier,
        shift,
        torch.empty(0, dtype=torch.uint8),
    ).numpy()
    params = {
        "batch": batch,
        "rows": rows,
        "columns": columns,
        "inner": inner,
        "lhs_offset": offsets[0],
        "rhs_offset": offsets[1],
        "output_zero_point": zero_point,
        "output_multiplier": multiplier,
        "output_shift": shift,
    }
    description = f"{lhs.shape} {rhs.shape} offsets {offsets} multiplier {multiplier} shift {shift}"
    return Case("quantized_batch_matmul", description, params, [lhs, rhs], expected)
