# SPDX-License-Identifier: Apache-2.0
"""Between float32 outside and int8 or int16 inside."""

import math

from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.operators.signature import SCALAR_TYPES
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import DType
from cortex_m_plan.step import PARAMETERS, Pointer, Step

QUANTIZE = "cortex_m::quantize_per_tensor.out"
DEQUANTIZE = "cortex_m::dequantize_per_tensor.out"

_SIGNATURE = (
    "input:tensor scale:float zero_point:int quant_min:int quant_max:int {dtype}:int out:out"
)


_SUFFIXES = {DType.INT8: "", DType.INT16: "_s16"}


@operator(QUANTIZE, _SIGNATURE.format(dtype="dtype"))
def quantize_per_tensor(call: Call) -> Step:
    args = call.args
    call.require_dtype(DType.FLOAT32, input=args.input)
    dtype = args.out.dtype
    suffix = _suffix(call, "the output", dtype)
    _check(call, dtype)
    if SCALAR_TYPES.get(args.dtype) is not dtype:
        raise call.damaged(f"it quantizes to scalar type {args.dtype}, its output is {dtype.label}")
    if not dtype.low <= args.quant_min <= args.quant_max <= dtype.high:
        raise call.refuse(
            f"its range {args.quant_min} .. {args.quant_max} is not one of {dtype.label}",
            "quantize to int8",
        )
    return _step(
        call,
        f"cortex_m_quantize_per_tensor{suffix}",
        count=args.input.elements,
        # PyTorch multiplies by the inverse, taken in double and rounded once.
        inverse_scale=1.0 / args.scale,
        zero_point=args.zero_point,
        quant_min=args.quant_min,
        quant_max=args.quant_max,
    )


@operator(DEQUANTIZE, _SIGNATURE.format(dtype="input_dtype"))
def dequantize_per_tensor(call: Call) -> Step:
    args = call.args
    suffix = _suffix(call, "the input", args.input.dtype)
    call.require_dtype(DType.FLOAT32, out=args.out)
    _check(call, args.input.dtype)
    return _step(
        call,
        f"cortex_m_dequantize_per_tensor{suffix}",
        count=args.input.elements,
        scale=args.scale,
        zero_point=args.zero_point,
    )


def _suffix(call: Call, name: str, dtype: DType) -> str:
    if dtype not in _SUFFIXES:
        raise call.refuse(
            f"{name} is {dtype.label}, the kernel takes int8 or int16",
            "quantize the model to int8 (cortex_m_lowering does)",
        )
    return _SUFFIXES[dtype]


def _check(call: Call, dtype: DType) -> None:
    args = call.args
    call.require_same_layout(input=args.input, out=args.out)
    if not (math.isfinite(args.scale) and 2.0**-126 <= args.scale <= 2.0**126):
        raise call.damaged(f"its scale is {args.scale}")
    if not dtype.low <= args.zero_point <= dtype.high:
        raise call.damaged(f"its zero point is {args.zero_point}")


def _step(call: Call, kernel: str, **parameters: float) -> Step:
    args = call.args
    return Step(
        instruction=call.instruction,
        kernel=kernel,
        summary=f"{times(args.input.physical_sizes)} {args.input.dtype.label} "
        f"-> {args.out.dtype.label}, scale {args.scale:.6g}, zero point {args.zero_point}",
        arguments=(
            Pointer("input", args.input),
            PARAMETERS,
            Pointer("output", args.out, writable=True),
        ),
        parameters=parameters,
    )
