# SPDX-License-Identifier: Apache-2.0
"""One module per operator family; importing this package registers them all."""

from cortex_m_plan.operators import (  # noqa: F401
    add,
    convolution,
    copy,
    linear,
    pad,
    pool,
    quantize,
)
from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.registry import call, names, step

__all__ = ["Call", "call", "names", "step"]
