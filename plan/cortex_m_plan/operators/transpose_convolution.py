# SPDX-License-Identifier: Apache-2.0
"""Transposed convolutions, with logical NCHW tensors (channels_last) and with logical NHWC ones."""

from cortex_m_plan.layout import NCHW_AS_NHWC, NHWC, Dims
from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.exact import beyond_float32
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import DType
from cortex_m_plan.step import PARAMETERS, Pointer, Scratch, Step

_SIGNATURE = (
    "input:tensor weight:constant bias:constant? stride:pair padding:pair output_padding:pair "
    "dilation:pair input_offset:int output_offset:int multipliers:constant shifts:constant "
    "activation_min:int activation_max:int scratch:scratch output_scratch:scratch out:out"
)
_KERNEL = "quantized_transpose_conv2d"


@operator("cortex_m::quantized_transpose_conv2d.out", _SIGNATURE)
def quantized_transpose_conv2d(call: Call) -> Step:
    return _step(call, NCHW_AS_NHWC)


@operator("cortex_m::quantized_transpose_conv2d_nhwc.out", _SIGNATURE)
def quantized_transpose_conv2d_nhwc(call: Call) -> Step:
    return _step(call, NHWC)


def _step(call: Call, order: tuple[int, ...]) -> Step:
    args = call.args
    source, kernel, target = _shapes(call, order)
    shape = [*source, kernel.h, kernel.w, kernel.c, target.h, target.w, target.c]
    size = f"({', '.join(map(str, shape))})"
    scratch, output_scratch = (
        tensor if tensor.bytes else None for tensor in (args.scratch, args.output_scratch)
    )
    return Step(
        instruction=call.instruction,
        kernel=f"cortex_m_{_KERNEL}",
        summary=f"{times(source)} * {times(kernel)} -> {times(target)}{_note(call, kernel)}",
        arguments=(
            Pointer("input", args.input),
            Pointer("weight", args.weight),
            Pointer("bias", args.bias),
            Pointer("multipliers", args.multipliers),
            Pointer("shifts", args.shifts),
            PARAMETERS,
            Pointer("scratch", scratch, writable=True),
            Pointer("output_scratch", output_scratch, writable=True),
            Pointer("output", args.out, writable=True),
        ),
        parameters={
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
        },
        scratches=(
            Scratch(args.scratch, f"CORTEX_M_{_KERNEL.upper()}_SCRATCH{size}"),
            Scratch(args.output_scratch, f"CORTEX_M_{_KERNEL.upper()}_OUTPUT_SCRATCH{size}"),
        ),
    )


def _shapes(call: Call, order: tuple[int, ...]) -> tuple[Dims, Dims, Dims]:
    """Input, filter and output, checked against each other."""
    args = call.args
    call.require_dtype(DType.INT8, input=args.input, weight=args.weight, out=args.out)
    call.require_dtype(
        DType.INT32, bias=args.bias, multipliers=args.multipliers, shifts=args.shifts
    )
    source = call.nhwc("the input", args.input, order)
    target = call.nhwc("the output", args.out, order)
    kernel = call.filter_dims(args.weight)
    if kernel.c != source.c or kernel.n != target.c:
        raise call.damaged(
            f"{source.c} channels through a {times(kernel)} filter do not give {target.c}"
        )
    call.require_elements(
        target.c, bias=args.bias, multipliers=args.multipliers, shifts=args.shifts
    )
    call.require_shifts(args.shifts)
    call.require_offsets(input_offset=args.input_offset)
    call.require_bounds(args.activation_min, args.activation_max)
    if min(args.stride + args.dilation) < 1 or min(args.padding + args.output_padding) < 0:
        raise call.damaged("its stride, dilation or padding is impossible")
    expected = (
        source.n,
        *(
            (size - 1) * stride - 2 * pad + dilation * (window - 1) + more + 1
            for size, window, stride, pad, more, dilation in zip(
                source[1:3],
                kernel[1:3],
                args.stride,
                args.padding,
                args.output_padding,
                args.dilation,
                strict=True,
            )
        ),
    )
    if target[:3] != expected:
        raise call.damaged(f"the output is {times(target[:3])} large, not {times(expected)}")
    return source, kernel, target


def _note(call: Call, kernel: Dims) -> str:
    """Whether a sum can become larger than the reference adds exactly."""
    args = call.args
    weights = call.program.constants.integers(args.weight)
    biases = call.program.constants.integers(args.bias) if args.bias else [0] * kernel.n
    taps = kernel.h * kernel.w * kernel.c
    largest_input = max(127 + args.input_offset, 128 - args.input_offset)
    largest = max(
        abs(bias) + largest_input * sum(map(abs, weights[channel * taps : (channel + 1) * taps]))
        for channel, bias in enumerate(biases)
    )
    return beyond_float32(largest)
