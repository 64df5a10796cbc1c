# SPDX-License-Identifier: Apache-2.0
"""Elementwise addition."""

from cortex_m_plan.layout import NCHW_AS_NHWC, is_ordered, same_layout
from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import DType, Tensor
from cortex_m_plan.step import PARAMETERS, Pointer, Step

_OPERAND = "{0}:tensor {0}_zero_point:int {0}_multiplier:int {0}_shift:int"


@operator(
    "cortex_m::quantized_add.out",
    f"{_OPERAND.format('self')} {_OPERAND.format('other')} output_zero_point:int "
    "output_multiplier:int output_shift:int activation_min:int activation_max:int out:out",
)
def quantized_add(call: Call) -> Step:
    args = call.args
    call.require_dtype(DType.INT8, self=args.self, other=args.other, out=args.out)
    call.require_bounds(args.activation_min, args.activation_max)
    _check(call, "self", args.self)
    _check(call, "other", args.other)
    if args.out.elements != max(args.self.elements, args.other.elements):
        raise call.damaged("the output is larger than both operands")
    return Step(
        instruction=call.instruction,
        kernel="cortex_m_quantized_add",
        summary=f"{times(args.self.physical_sizes)} + {times(args.other.physical_sizes)} "
        f"-> {times(args.out.physical_sizes)}",
        arguments=(
            Pointer("self", args.self),
            Pointer("other", args.other),
            PARAMETERS,
            Pointer("output", args.out, writable=True),
        ),
        parameters={
            "count": args.out.elements,
            "self_count": args.self.elements,
            "other_count": args.other.elements,
            "self_zero_point": args.self_zero_point,
            "self_multiplier": args.self_multiplier,
            "self_shift": args.self_shift,
            "other_zero_point": args.other_zero_point,
            "other_multiplier": args.other_multiplier,
            "other_shift": args.other_shift,
            "output_zero_point": args.output_zero_point,
            "output_multiplier": args.output_multiplier,
            "output_shift": args.output_shift,
            "activation_min": args.activation_min,
            "activation_max": args.activation_max,
        },
    )


def _check(call: Call, name: str, operand: Tensor) -> None:
    """An operand lies as the output does, or is one value per channel of it."""
    if operand.sizes == call.out.sizes:
        if not same_layout(operand, call.out):
            raise call.refuse(
                f"{name} lies differently in memory than the output",
                "give both operands the same memory format (channels_last) in the model",
            )
        return
    sizes = call.out.sizes
    per_channel = (
        len(operand.sizes) == len(sizes) == 4
        and operand.sizes == (1, sizes[1], 1, 1)
        and is_ordered(call.out, NCHW_AS_NHWC)
    )
    if not per_channel:
        raise call.refuse(
            f"{name} ({times(operand.sizes)}) cannot be broadcast to {times(sizes)}",
            "add tensors of one shape, or one value per channel to a channels_last tensor",
        )
