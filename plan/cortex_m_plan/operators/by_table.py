# SPDX-License-Identifier: Apache-2.0
"""The step of an int8 operator of one tensor that is a table of its 256 results."""

from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import Tensor
from cortex_m_plan.step import PARAMETERS, Pointer, Step, Table


def by_table(call: Call, table: Tensor | Table) -> Step:
    """Looks up each element of `input`; the table starts with the result of -128."""
    source = call.args.input
    return Step(
        instruction=call.instruction,
        kernel="cortex_m_quantized_activation",
        summary=f"{times(source.physical_sizes)} by table",
        arguments=(
            Pointer("input", source),
            Pointer("table", table),
            PARAMETERS,
            Pointer("output", call.args.out, writable=True),
        ),
        parameters={"count": source.elements},
    )
