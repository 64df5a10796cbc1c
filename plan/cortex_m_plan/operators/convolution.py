# SPDX-License-Identifier: Apache-2.0
"""Convolutions, with logical NCHW tensors (channels_last) and with logical NHWC ones."""

from math import prod

from cortex_m_plan.layout import NCHW_AS_NHWC, NHWC, Dims
from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.convolution_common import inputs, parameters, shapes
from cortex_m_plan.operators.images import both_sides
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.operators.text import times
from cortex_m_plan.step import PARAMETERS, Pointer, Scratch, Step

_HEAD = "input:tensor weight:constant bias:constant? stride:pair padding:pair dilation:pair"
_TAIL = (
    "input_offset:int output_offset:int multipliers:constant shifts:constant "
    "activation_min:int activation_max:int scratch:scratch out:out"
)
_CONVOLUTION = f"{_HEAD} {_TAIL}"
_DEPTHWISE = f"{_HEAD} depth_multiplier:int {_TAIL}"


@operator("cortex_m::quantized_conv2d.out", _CONVOLUTION)
def quantized_conv2d(call: Call) -> Step:
    return _convolution(call, NCHW_AS_NHWC)


@operator("cortex_m::quantized_conv2d_nhwc.out", _CONVOLUTION)
def quantized_conv2d_nhwc(call: Call) -> Step:
    return _convolution(call, NHWC)


@operator("cortex_m::quantized_depthwise_conv2d.out", _DEPTHWISE)
def quantized_depthwise_conv2d(call: Call) -> Step:
    return _depthwise(call, NCHW_AS_NHWC)


@operator("cortex_m::quantized_depthwise_conv2d_nhwc.out", _DEPTHWISE)
def quantized_depthwise_conv2d_nhwc(call: Call) -> Step:
    return _depthwise(call, NHWC)


def _convolution(call: Call, order: tuple[int, ...]) -> Step:
    source, kernel, target = _shapes(call, order)
    groups, rest = divmod(source.c, kernel.c) if kernel.c else (0, 1)
    if rest or groups == 0 or kernel.n % groups or target.c != kernel.n:
        raise call.damaged(
            f"{source.c} channels through a {times(kernel)} filter do not give {target.c}"
        )
    return _step(call, "quantized_conv2d", source, kernel, target, prod(kernel[1:]))


def _depthwise(call: Call, order: tuple[int, ...]) -> Step:
    source, kernel, target = _shapes(call, order)
    multiplier = call.args.depth_multiplier
    if kernel.n != 1 or not kernel.c == target.c == source.c * multiplier:
        raise call.damaged(
            f"{source.c} channels, {multiplier} times, through a {times(kernel)} filter "
            f"do not give {target.c}"
        )
    taps = kernel.h * kernel.w
    return _step(
        call, "quantized_depthwise_conv2d", source, kernel, target, taps,
        depth_multiplier=multiplier,
    )  # fmt: skip


def _shapes(call: Call, order: tuple[int, ...]) -> tuple[Dims, Dims, Dims]:
    """Input, filter and output, checked against each other."""
    args = call.args
    source, kernel, target = shapes(call, order)
    sides = both_sides(args.padding)
    expected = (
        source.n,
        *(
            (size + before + after - dilation * (window - 1) - 1) // stride + 1
            for size, window, stride, before, after, dilation in zip(
                source[1:3], kernel[1:3], args.stride, *sides, args.dilation, strict=True
            )
        ),
    )
    if target[:3] != expected:
        raise call.damaged(f"the output is {times(target[:3])} large, not {times(expected)}")
    return source, kernel, target


def _step(
    call: Call, name: str, source: Dims, kernel: Dims, target: Dims, taps: int, **more: int
) -> Step:
    """The general kernel's; `taps` are the products of one output."""
    args = call.args
    shape = [*source, kernel.h, kernel.w, kernel.c, target.h, target.w, target.c, *more.values()]
    need = f"CORTEX_M_{name.upper()}_SCRATCH({', '.join(map(str, shape))})"
    return Step(
        instruction=call.instruction,
        kernel=f"cortex_m_{name}",
        summary=f"{times(source)} * {times(kernel)} -> {times(target)}",
        arguments=(
            *inputs(call),
            PARAMETERS,
            Pointer("scratch", args.scratch if args.scratch.bytes else None, writable=True),
            Pointer("output", args.out, writable=True),
        ),
        parameters=parameters(call, source, kernel, target) | more,
        scratches=(Scratch(args.scratch, need),),
        macs=prod(target) * taps,
    )
