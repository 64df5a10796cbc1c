# SPDX-License-Identifier: Apache-2.0
"""Activations by table."""

from cortex_m_plan.operators.by_table import by_table
from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.program import DType
from cortex_m_plan.step import Step

_ENTRIES = 256


@operator("cortex_m::quantized_activation.out", "input:tensor table:constant out:out")
def quantized_activation(call: Call) -> Step:
    args = call.args
    call.require_dtype(DType.INT8, input=args.input, table=args.table, out=args.out)
    call.require_elements(_ENTRIES, table=args.table)
    call.require_same_layout(input=args.input, out=args.out)
    return by_table(call, args.table)
