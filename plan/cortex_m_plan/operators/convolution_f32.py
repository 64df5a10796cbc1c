# SPDX-License-Identifier: Apache-2.0
"""Convolutions of float32 tensors, of one and two dimensions, in any memory order."""

from math import prod

from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.images import row
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import DType
from cortex_m_plan.step import PARAMETERS, Pointer, Step


@operator(
    "aten::convolution.out",
    "input:tensor weight:tensor bias:tensor? stride:ints padding:ints dilation:ints "
    "transposed:bool output_padding:ints groups:int out:out",
)
def convolution(call: Call) -> Step:
    args = call.args
    call.require_dtype(
        DType.FLOAT32, input=args.input, weight=args.weight, bias=args.bias, out=call.out
    )
    rank = len(args.input.sizes)
    if rank not in (3, 4) or not len(args.weight.sizes) == len(call.out.sizes) == rank:
        raise call.refuse(
            f"it convolves a tensor of {rank} dimensions, the kernel three or four",
            "use Conv1d or Conv2d, on batches",
        )
    (source, input_strides), (target, output_strides) = (
        row(call, tensor) for tensor in (args.input, call.out)
    )
    # OIHW: its places are those of a batch of images; a transposed one is IOHW.
    kernel, weight_strides = row(call, args.weight)
    if args.transposed:
        kernel = kernel._replace(n=kernel.c, c=kernel.n)
        weight_strides = weight_strides._replace(n=weight_strides.c, c=weight_strides.n)
    stride, dilation = _pair(args.stride, 1, rank), _pair(args.dilation, 1, rank)
    padding, more = _pair(args.padding, 0, rank), _pair(args.output_padding, 0, rank)
    if any(len(pair) != 2 for pair in (stride, dilation, padding, more)):
        raise call.damaged("its stride, dilation or padding has another number of dimensions")
    if min(stride + dilation + (args.groups,)) < 1 or min(padding + more) < 0:
        raise call.damaged("its stride, dilation, padding or groups are impossible")
    groups = args.groups
    own = (kernel.n, source.c // groups) if args.transposed else (kernel.n // groups, kernel.c)
    channels = (kernel.n * groups, kernel.c) if args.transposed else (kernel.n, kernel.c * groups)
    if channels != (target.c, source.c) or source.n != target.n or target.c % groups:
        raise call.damaged(
            f"{times(source)} through a filter of {times(kernel)} does not give {times(target)}"
        )
    sizes = zip(source[1:3], kernel[1:3], stride, padding, dilation, more, strict=True)
    grown = _grown if args.transposed else _shrunk
    expected = tuple(grown(*size) for size in sizes)
    if target[1:3] != expected:
        raise call.damaged(f"the output is {times(target[1:3])} large, not {times(expected)}")
    call.require_elements(target.c, bias=args.bias)
    return Step(
        instruction=call.instruction,
        kernel="cortex_m_conv_transpose_f32" if args.transposed else "cortex_m_conv_f32",
        summary=f"{times(source)} * {times(kernel)} -> {times(target)}, {groups} groups",
        arguments=(
            Pointer("input", args.input),
            Pointer("weight", args.weight),
            Pointer("bias", args.bias),
            PARAMETERS,
            Pointer("output", call.out, writable=True),
        ),
        parameters={
            "batch": source.n,
            "groups": groups,
            "input_channels": own[1],
            "output_channels": own[0],
            "input_h": source.h,
            "input_w": source.w,
            "kernel_h": kernel.h,
            "kernel_w": kernel.w,
            "output_h": target.h,
            "output_w": target.w,
            "stride_h": stride[0],
            "stride_w": stride[1],
            "pad_h": padding[0],
            "pad_w": padding[1],
            "dilation_h": dilation[0],
            "dilation_w": dilation[1],
            "input_strides": input_strides,
            "weight_strides": weight_strides,
            "output_strides": output_strides,
        },
        macs=prod(source) * kernel.h * kernel.w * own[0]
        if args.transposed
        else prod(target) * kernel.h * kernel.w * own[1],
    )


def _pair(numbers: tuple[int, ...], of_height: int, rank: int) -> tuple[int, int]:
    """Of height and width: a row has a height's number, one number is for both of an image."""
    if rank == 3:
        numbers = (of_height, *numbers)
    return numbers * 2 if len(numbers) == 1 else numbers


def _shrunk(size: int, window: int, stride: int, pad: int, dilation: int, more: int) -> int:
    return (size + 2 * pad - dilation * (window - 1) - 1) // stride + 1


def _grown(size: int, window: int, stride: int, pad: int, dilation: int, more: int) -> int:
    return (size - 1) * stride - 2 * pad + dilation * (window - 1) + more + 1
