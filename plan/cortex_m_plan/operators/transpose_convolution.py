# SPDX-License-Identifier: Apache-2.0
"""Transposed convolutions, with logical NCHW tensors (channels_last) and with logical NHWC ones."""

from math import prod

from cortex_m_plan.layout import NCHW_AS_NHWC, NHWC, Dims
from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.convolution_common import inputs, parameters, shapes
from cortex_m_plan.operators.exact import beyond_float32
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.operators.text import times
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
            *inputs(call),
            PARAMETERS,
            Pointer("scratch", scratch, writable=True),
            Pointer("output_scratch", output_scratch, writable=True),
            Pointer("output", args.out, writable=True),
        ),
        parameters=parameters(call, source, kernel, target),
        scratches=(
            Scratch(args.scratch, f"CORTEX_M_{_KERNEL.upper()}_SCRATCH{size}"),
            Scratch(args.output_scratch, f"CORTEX_M_{_KERNEL.upper()}_OUTPUT_SCRATCH{size}"),
        ),
        macs=prod(source) * kernel.h * kernel.w * kernel.n,
    )


def _shapes(call: Call, order: tuple[int, ...]) -> tuple[Dims, Dims, Dims]:
    """Input, filter and output, checked against each other."""
    args = call.args
    source, kernel, target = shapes(call, order)
    if kernel.c != source.c or kernel.n != target.c:
        raise call.damaged(
            f"{source.c} channels through a {times(kernel)} filter do not give {target.c}"
        )
    if min(args.output_padding) < 0:
        raise call.damaged("its output padding is negative")
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
