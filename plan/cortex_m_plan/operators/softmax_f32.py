# SPDX-License-Identifier: Apache-2.0
"""Softmax of float32 tensors."""

from cortex_m_plan.layout import memory_split
from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import DType
from cortex_m_plan.step import PARAMETERS, Pointer, Step


@operator("aten::_softmax.out", "input:tensor dim:int half_to_float:any out:out")
def softmax(call: Call) -> Step:
    return _step(call, "softmax")


@operator("aten::_log_softmax.out", "input:tensor dim:int half_to_float:any out:out")
def log_softmax(call: Call) -> Step:
    return _step(call, "log_softmax")


def _step(call: Call, name: str) -> Step:
    source = call.args.input
    call.require_dtype(DType.FLOAT32, input=source, out=call.out)
    call.require_same_layout(input=source, out=call.out)
    outer, size, inner = (1, 1, 1)
    if source.sizes:
        outer, size, inner = memory_split(source, call.dimension(source, call.args.dim))
    return Step(
        instruction=call.instruction,
        kernel=f"cortex_m_{name}_f32",
        summary=f"{times(source.physical_sizes)}, of {size} elements each",
        arguments=(
            Pointer("input", source),
            PARAMETERS,
            Pointer("output", call.out, writable=True),
        ),
        parameters={"outer": outer, "size": size, "inner": inner},
    )
