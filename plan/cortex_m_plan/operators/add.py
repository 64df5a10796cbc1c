# SPDX-License-Identifier: Apache-2.0
"""Elementwise addition."""

from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.pairwise import pairwise
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.program import DType
from cortex_m_plan.step import Step

_OPERAND = "{0}:tensor {0}_zero_point:int {0}_multiplier:int {0}_shift:int"


@operator(
    "cortex_m::quantized_add.out",
    f"{_OPERAND.format('self')} {_OPERAND.format('other')} output_zero_point:int "
    "output_multiplier:int output_shift:int activation_min:int activation_max:int out:out",
)
def quantized_add(call: Call) -> Step:
    args = call.args
    call.require_dtype(DType.INT8, self=args.self, other=args.other, out=args.out)
    call.require_zero_points(
        self_zero_point=args.self_zero_point,
        other_zero_point=args.other_zero_point,
        output_zero_point=args.output_zero_point,
    )
    call.require_bounds(args.activation_min, args.activation_max)
    return pairwise(
        call,
        "cortex_m_quantized_add",
        "{} + {}",
        self_zero_point=args.self_zero_point,
        self_multiplier=args.self_multiplier,
        self_shift=args.self_shift,
        other_zero_point=args.other_zero_point,
        other_multiplier=args.other_multiplier,
        other_shift=args.other_shift,
        output_zero_point=args.output_zero_point,
        output_multiplier=args.output_multiplier,
        output_shift=args.output_shift,
        activation_min=args.activation_min,
        activation_max=args.activation_max,
    )
