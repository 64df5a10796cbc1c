# SPDX-License-Identifier: Apache-2.0
"""Elementwise division."""

from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.pairwise import pairwise
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.program import DType
from cortex_m_plan.step import Step

_SUFFIXES = {DType.INT8: "", DType.INT16: "_s16"}
_MOST_SCALE = 2.0**100  # times any quotient, still finite in float32


@operator(
    "cortex_m::quantized_div.out",
    "self:tensor self_zero_point:int other:tensor other_zero_point:int "
    "output_zero_point:int output_scale:float out:out",
)
def quantized_div(call: Call) -> Step:
    args = call.args
    dtype = args.self.dtype
    if dtype not in _SUFFIXES:
        raise call.refuse(
            f"self is {dtype.label}, the kernel takes int8 or int16",
            "quantize the model to int8 (cortex_m_lowering does)",
        )
    call.require_dtype(dtype, other=args.other, out=args.out)
    call.require_zero_points(
        self_zero_point=args.self_zero_point, other_zero_point=args.other_zero_point
    )
    if not dtype.low <= args.output_zero_point <= dtype.high:
        raise call.damaged(f"output_zero_point is {args.output_zero_point}")
    if not 0 < args.output_scale <= _MOST_SCALE:
        raise call.damaged(f"its scale is {args.output_scale}")
    return pairwise(
        call,
        f"cortex_m_quantized_div{_SUFFIXES[dtype]}",
        f"{{}} / {{}} {dtype.label}",
        self_zero_point=args.self_zero_point,
        other_zero_point=args.other_zero_point,
        output_zero_point=args.output_zero_point,
        output_scale=args.output_scale,
    )
