# SPDX-License-Identifier: Apache-2.0
"""What convolutions and transposed convolutions of int8 have in common."""

from cortex_m_plan.layout import Dims
from cortex_m_plan.operators.call import Call
from cortex_m_plan.program import DType
from cortex_m_plan.step import Field, Pointer


def shapes(call: Call, order: tuple[int, ...]) -> tuple[Dims, Dims, Dims]:
    """Input, filter and output of a call whose other arguments are checked too."""
    args = call.args
    call.require_dtype(DType.INT8, input=args.input, weight=args.weight, out=args.out)
    call.require_dtype(
        DType.INT32, bias=args.bias, multipliers=args.multipliers, shifts=args.shifts
    )
    source = call.nhwc("the input", args.input, order)
    target = call.nhwc("the output", args.out, order)
    kernel = call.filter_dims(args.weight)
    call.require_elements(
        target.c, bias=args.bias, multipliers=args.multipliers, shifts=args.shifts
    )
    call.require_shifts(args.shifts)
    call.require_offsets(input_offset=args.input_offset)
    call.require_bounds(args.activation_min, args.activation_max)
    if min(args.stride + args.dilation) < 1 or min(args.padding) < 0:
        raise call.damaged("its stride, dilation or padding is impossible")
    return source, kernel, target


def inputs(call: Call) -> tuple[Pointer, ...]:
    """The kernel's arguments before its parameters."""
    names = ("input", "weight", "bias", "multipliers", "shifts")
    return tuple(Pointer(name, getattr(call.args, name)) for name in names)


def parameters(call: Call, source: Dims, kernel: Dims, target: Dims) -> dict[str, Field]:
    """The kernel's parameters."""
    args = call.args
    return {
        "input": source,
        "filter": kernel,
        "output": target,
        "stride_h": args.stride[0],
        "stride_w": args.stride[1],
        "pad_h": args.padding[0],
        "pad_w": args.padding[1],
        "dilation_h": args.dilation[0],
        "dilation_w": args.dilation[1],
        "input_offset": args.input_offset,
        "output_offset": args.output_offset,
        "activation_min": args.activation_min,
        "activation_max": args.activation_max,
    }
