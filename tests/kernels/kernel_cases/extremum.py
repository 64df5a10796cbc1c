# SPDX-License-Identifier: Apache-2.0
"""Cases of minimum and maximum."""

from __future__ import annotations

from collections.abc import Callable

import torch

from kernel_cases.broadcast import Operands
from kernel_cases.case_file import Case
from kernel_cases.draw import INT32_MAX, Draw


def extremum(name: str, wide: bool) -> Callable[[Draw], Case]:
    """The generator of `minimum` or `maximum`, of int8 or of int32."""
    reference = getattr(torch.ops.cortex_m, name)
    kernel = f"{name}_s32" if wide else name

    def generate(draw: Draw) -> Case:
        limit = draw.choice(3, INT32_MAX)
        operands = Operands(draw, (lambda *s: draw.int32(limit, *s)) if wide else draw.int8)
        result = reference(*operands.tensors)
        params = {"shape": operands.shape}
        return Case(kernel, str(operands), params, operands.buffers, operands.stored(result))

    return generate
