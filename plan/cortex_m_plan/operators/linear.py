# SPDX-License-Identifier: Apache-2.0
"""Fully connected layers."""

from math import prod

from cortex_m_plan.layout import is_contiguous
from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import DType
from cortex_m_plan.step import PARAMETERS, Pointer, Step


# The schema has activation_max before activation_min.
@operator(
    "cortex_m::quantized_linear.out",
    "input:tensor weight:constant bias:constant? kernel_sum:constant? "
    "input_offset:int filter_offset:int output_offset:int multipliers:ints shifts:ints "
    "activation_max:int activation_min:int out:out",
)
def quantized_linear(call: Call) -> Step:
    args = call.args
    call.require_dtype(DType.INT8, input=args.input, weight=args.weight, out=args.out)
    call.require_dtype(DType.INT32, bias=args.bias, kernel_sum=args.kernel_sum)
    call.require_bounds(args.activation_min, args.activation_max)
    call.require_offsets(input_offset=args.input_offset, filter_offset=args.filter_offset)
    for name, tensor in (("input", args.input), ("output", args.out)):
        if not tensor.sizes or not is_contiguous(tensor):
            raise call.refuse(
                f"the {name} is not contiguous in memory",
                "call .contiguous() or flatten before the layer in the model",
            )
    if len(args.weight.sizes) != 2 or not is_contiguous(args.weight):
        raise call.damaged("the weight is not a dense matrix")
    outputs, inputs = args.weight.sizes
    rows = prod(args.input.sizes[:-1])
    if args.input.sizes[-1] != inputs or args.out.sizes != (*args.input.sizes[:-1], outputs):
        raise call.damaged(
            f"{times(args.input.sizes)} through a {outputs}x{inputs} matrix "
            f"is not {times(args.out.sizes)}"
        )
    call.require_elements(outputs, bias=args.bias, kernel_sum=args.kernel_sum)
    if len(set(zip(args.multipliers, args.shifts, strict=False))) != 1:
        raise call.refuse(
            "its output has more than one scale, the kernel takes one",
            "quantize linear layers per tensor (CortexMQuantizer does)",
        )
    return Step(
        instruction=call.instruction,
        kernel="cortex_m_quantized_linear",
        summary=f"{rows}x{inputs} * {outputs}x{inputs} -> {rows}x{outputs}",
        arguments=(
            Pointer("input", args.input),
            Pointer("weight", args.weight),
            Pointer("bias", args.bias),
            Pointer("kernel_sum", args.kernel_sum),
            PARAMETERS,
            Pointer("output", args.out, writable=True),
        ),
        parameters={
            "rows": rows,
            "in_features": inputs,
            "out_features": outputs,
            "input_offset": args.input_offset,
            "filter_offset": args.filter_offset,
            "output_offset": args.output_offset,
            "multiplier": args.multipliers[0],
            "shift": args.shifts[0],
            "activation_min": args.activation_min,
            "activation_max": args.activation_max,
        },
        macs=rows * inputs * outputs,
    )
