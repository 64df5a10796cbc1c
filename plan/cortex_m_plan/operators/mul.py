# SPDX-License-Identifier: Apache-2.0
"""Elementwise multiplication."""

from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.pairwise import pairwise
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.program import DType
from cortex_m_plan.step import Step


@operator(
    "cortex_m::quantized_mul.out",
    "self:tensor self_zero_point:int other:tensor other_zero_point:int "
    "output_zero_point:int output_multiplier:int output_shift:int out:out",
)
def quantized_mul(call: Call) -> Step:
    args = call.args
    call.require_dtype(DType.INT8, self=args.self, other=args.other, out=args.out)
    call.require_zero_points(
        self_zero_point=args.self_zero_point,
        other_zero_point=args.other_zero_point,
        output_zero_point=args.output_zero_point,
    )
    return pairwise(
        call,
        "cortex_m_quantized_mul",
        "{} * {}",
        self_zero_point=args.self_zero_point,
        other_zero_point=args.other_zero_point,
        output_zero_point=args.output_zero_point,
        output_multiplier=args.output_multiplier,
        output_shift=args.output_shift,
    )
