# SPDX-License-Identifier: Apache-2.0
"""One module per operator family; importing this package registers them all."""

from cortex_m_plan.operators import (  # noqa: F401
    activation,
    add,
    binary,
    cat,
    clamp,
    convolution,
    convolution_f32,
    copy,
    div,
    expand,
    extremum,
    fill,
    index,
    linear,
    matmul,
    matmul_f32,
    mul,
    normalization,
    pad,
    part,
    pool,
    pool_f32,
    quantize,
    reduction,
    softmax,
    softmax_f32,
    transpose_convolution,
    unary,
    upsample,
)
from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.registry import call, names, steps

__all__ = ["Call", "call", "names", "steps"]
