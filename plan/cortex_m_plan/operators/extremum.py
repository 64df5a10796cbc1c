# SPDX-License-Identifier: Apache-2.0
"""Elementwise minimum and maximum."""

from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.pairwise import pairwise
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.program import DType
from cortex_m_plan.step import Step

SUFFIXES = {DType.INT8: "", DType.INT32: "_s32"}


@operator("cortex_m::minimum.out", "self:tensor other:tensor out:out")
def minimum(call: Call) -> Step:
    return step(call, "minimum")


@operator("cortex_m::maximum.out", "self:tensor other:tensor out:out")
def maximum(call: Call) -> Step:
    return step(call, "maximum")


def step(call: Call, name: str) -> Step:
    """The step of `minimum` or `maximum` for the dtypes of SUFFIXES."""
    args = call.args
    dtype = args.self.dtype
    if dtype not in SUFFIXES:
        raise call.refuse(
            f"self is {dtype.label}, the kernel takes int8 or int32",
            "quantize the model to int8 (cortex_m_lowering does)",
        )
    call.require_dtype(dtype, other=args.other, out=args.out)
    return pairwise(
        call,
        f"cortex_m_{name}{SUFFIXES[dtype]}",
        f"of {{}} and {{}} {dtype.label}",
    )
