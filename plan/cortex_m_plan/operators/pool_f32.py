# SPDX-License-Identifier: Apache-2.0
"""Pooling that stays with PyTorch's own operators: of float32 images, in any memory order."""

from cortex_m_plan.layout import Dims, same_layout
from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.images import image
from cortex_m_plan.operators.pool import pooled
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import DType
from cortex_m_plan.step import PARAMETERS, Field, Pointer, Step


@operator(
    "aten::avg_pool2d.out",
    "input:tensor kernel:pair stride:ints padding:pair ceil_mode:bool count_padding:bool "
    "divisor:int? out:out",
)
def avg_pool2d(call: Call) -> Step:
    args = call.args
    parameters = _windows(call, (1, 1)) | {
        "count_padding": int(args.count_padding),
        "divisor": args.divisor or 0,
    }
    return _step(call, "avg_pool2d_f32", parameters, Pointer("output", args.out, writable=True))


@operator(
    "aten::max_pool2d_with_indices.out",
    "input:tensor kernel:pair stride:ints padding:pair dilation:pair ceil_mode:bool "
    "out:out indices:out",
)
def max_pool2d(call: Call) -> Step:
    """Of int8 images too: the quantizer leaves pools alone whose indices the model may use."""
    args = call.args
    call.require_dtype(DType.INT64, indices=args.indices)
    if not same_layout(args.out, args.indices):
        raise call.damaged("the output and its indices do not lie the same way")
    dtype = DType.INT8 if args.out.dtype is DType.INT8 else DType.FLOAT32
    parameters = _windows(call, args.dilation, dtype) | {"count_padding": 0, "divisor": 0}
    return _step(
        call, "max_pool2d_s8" if dtype is DType.INT8 else "max_pool2d_f32", parameters,
        Pointer("output", args.out, writable=True),
        Pointer("indices", args.indices, writable=True),
    )  # fmt: skip


@operator("aten::_adaptive_avg_pool2d.out", "input:tensor size:any out:out")
def adaptive_avg_pool2d(call: Call) -> Step:
    args = call.args
    return _step(
        call, "adaptive_avg_pool2d_f32", _shapes(call), Pointer("output", args.out, writable=True)
    )


def _shapes(call: Call, dtype: DType = DType.FLOAT32) -> dict[str, Field]:
    call.require_dtype(dtype, input=call.args.input, out=call.out)
    source, input_strides = image(call, call.args.input)
    target, output_strides = image(call, call.out)
    if (source.n, source.c) != (target.n, target.c):
        raise call.damaged(f"{times(source)} does not give {times(target)}")
    return {
        "input": source,
        "output": target,
        "input_strides": input_strides,
        "output_strides": output_strides,
    }


def _windows(
    call: Call, dilation: tuple[int, int], dtype: DType = DType.FLOAT32
) -> dict[str, Field]:
    args = call.args
    shapes = _shapes(call, dtype)
    stride = args.stride * 2 if len(args.stride) == 1 else args.stride or args.kernel
    if len(stride) != 2 or min(args.kernel + stride + dilation) < 1 or min(args.padding) < 0:
        raise call.damaged("its kernel, stride, padding or dilation is impossible")
    if any(2 * pad > window for pad, window in zip(args.padding, args.kernel, strict=True)):
        raise call.damaged("its padding is more than half its kernel")
    source, target = Dims(*shapes["input"]), Dims(*shapes["output"])
    reach = [(k - 1) * d + 1 for k, d in zip(args.kernel, dilation, strict=True)]
    expected = tuple(
        pooled(size, window, step, pad, pad, args.ceil_mode)
        for size, window, step, pad in zip(source[1:3], reach, stride, args.padding, strict=True)
    )
    if target[1:3] != expected:
        raise call.damaged(f"the output is {times(target[1:3])} large, not {times(expected)}")
    return shapes | {
        "kernel_h": args.kernel[0],
        "kernel_w": args.kernel[1],
        "stride_h": stride[0],
        "stride_w": stride[1],
        "pad_h": args.padding[0],
        "pad_w": args.padding[1],
        "dilation_h": dilation[0],
        "dilation_w": dilation[1],
    }


def _step(call: Call, name: str, parameters: dict[str, Field], *outputs: Pointer) -> Step:
    return Step(
        instruction=call.instruction,
        kernel=f"cortex_m_{name}",
        summary=f"{times(parameters['input'])} -> {times(parameters['output'])}",
        arguments=(Pointer("input", call.args.input), PARAMETERS, *outputs),
        parameters=parameters,
    )
