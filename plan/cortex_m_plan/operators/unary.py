# SPDX-License-Identifier: Apache-2.0
"""Elementwise functions of one tensor."""

from cortex_m_plan.operators.binary import unary
from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.program import DType
from cortex_m_plan.step import Step

_S64 = {"abs", "neg"}


def _register(name: str) -> None:
    def emit(call: Call) -> Step:
        source = call.args.input
        call.require_dtype(source.dtype, out=call.out)
        if source.dtype is DType.INT64 and name in _S64:
            return unary(call, f"{name}_s64", source, DType.INT64)
        return unary(call, f"{name}_f32", source, DType.FLOAT32)

    operator(f"aten::{name}.out", "input:tensor out:out")(emit)


for _name in (
    "abs", "ceil", "cos", "erf", "exp", "expm1", "floor", "log", "log1p", "neg", "reciprocal",
    "round", "rsqrt", "sigmoid", "sign", "silu", "sin", "sqrt", "tanh", "trunc",
):  # fmt: skip
    _register(_name)


@operator("aten::gelu.out", "input:tensor approximate:any out:out")
def gelu(call: Call) -> Step:
    call.require_dtype(DType.FLOAT32, out=call.out)
    kernels = {"none": "gelu_f32", "tanh": "gelu_tanh_f32"}
    if call.args.approximate not in kernels:
        raise call.damaged(f"its approximation is {call.args.approximate!r}")
    return unary(call, kernels[call.args.approximate], call.args.input, DType.FLOAT32)


@operator("aten::leaky_relu.out", "input:tensor negative_slope:number out:out")
def leaky_relu(call: Call) -> Step:
    call.require_dtype(DType.FLOAT32, out=call.out)
    slope = float(call.args.negative_slope)
    return unary(call, "leaky_relu_f32", call.args.input, DType.FLOAT32, negative_slope=slope)


@operator("aten::elu.out", "input:tensor alpha:number scale:number input_scale:number out:out")
def elu(call: Call) -> Step:
    args = call.args
    call.require_dtype(DType.FLOAT32, out=call.out)
    return unary(
        call, "elu_f32", args.input, DType.FLOAT32,
        alpha=float(args.alpha), scale=float(args.scale), input_scale=float(args.input_scale),
    )  # fmt: skip


@operator("aten::logical_not.out", "input:tensor out:out")
@operator("aten::bitwise_not.out", "input:tensor out:out")
def logical_not(call: Call) -> Step:
    call.require_dtype(DType.BOOL, out=call.out)
    return unary(call, "logical_not_u8", call.args.input, DType.BOOL)


def bounded(call: Call, minimum: float | None, maximum: float | None) -> Step:
    """Bounds in float32 or int64; None is no bound."""
    source = call.args.input
    call.require_dtype(source.dtype, out=call.out)
    wide = source.dtype is DType.INT64
    number = int if wide else float
    return unary(
        call,
        "clamp_s64" if wide else "clamp_f32",
        source,
        DType.INT64 if wide else DType.FLOAT32,
        minimum=number(minimum or 0),
        maximum=number(maximum or 0),
        unbounded=(minimum is None) + 2 * (maximum is None),
    )
