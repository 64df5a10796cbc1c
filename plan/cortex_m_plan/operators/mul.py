# SPDX-License-Identifier: Apache-2.0
"""Elementwise multiplication."""

from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import DType
from cortex_m_plan.step import PARAMETERS, Pointer, Step


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
    return Step(
        instruction=call.instruction,
        kernel="cortex_m_quantized_mul",
        summary=f"{times(args.self.physical_sizes)} * {times(args.other.physical_sizes)} "
        f"-> {times(args.out.physical_sizes)}",
        arguments=(
            Pointer("self", args.self),
            Pointer("other", args.other),
            PARAMETERS,
            Pointer("output", args.out, writable=True),
        ),
        parameters={
            "shape": call.broadcast(args.self, args.other),
            "self_zero_point": args.self_zero_point,
            "other_zero_point": args.other_zero_point,
            "output_zero_point": args.output_zero_point,
            "output_multiplier": args.output_multiplier,
            "output_shift": args.output_shift,
        },
    )
