# SPDX-License-Identifier: Apache-2.0
"""Clamps that the lowering could not fuse into the operator before them."""

from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.operators.text import times
from cortex_m_plan.operators.unary import bounded, unary
from cortex_m_plan.program import DType, Value
from cortex_m_plan.step import PARAMETERS, Pointer, Step


@operator("aten::clamp.out", "input:tensor minimum:number? maximum:number? out:out")
def clamp(call: Call) -> Step:
    """Bounds of an int8 tensor are in the program's integers: the lowering has quantized them."""
    return _clamp(call, call.args.minimum, call.args.maximum)


@operator("aten::hardtanh.out", "input:tensor minimum:number maximum:number out:out")
def hardtanh(call: Call) -> Step:
    return _clamp(call, call.args.minimum, call.args.maximum)


@operator("aten::relu.out", "input:tensor out:out")
def relu(call: Call) -> Step:
    """Of int8 at the integer 0, whatever the zero point, as the program says."""
    if call.args.input.dtype is DType.INT8:
        return _int8(call, 0, None)
    call.require_dtype(DType.FLOAT32, out=call.out)
    return unary(call, "relu_f32", call.args.input, DType.FLOAT32)


def _clamp(call: Call, minimum: Value, maximum: Value) -> Step:
    if call.args.input.dtype is DType.INT8:
        return _int8(call, minimum, maximum)
    return bounded(call, minimum, maximum)


def _int8(call: Call, minimum: Value, maximum: Value) -> Step:
    args = call.args
    call.require_dtype(DType.INT8, input=args.input, out=args.out)
    call.require_same_layout(input=args.input, out=args.out)
    bounds = {"minimum": minimum, "maximum": maximum}
    for name, default in (("minimum", DType.INT8.low), ("maximum", DType.INT8.high)):
        value = bounds[name]
        if value is None:
            bounds[name] = default
        elif type(value) is not int or not DType.INT8.low <= value <= DType.INT8.high:
            raise call.damaged(f"its {name} is {value!r}, no value of int8")
    return Step(
        instruction=call.instruction,
        kernel="cortex_m_clamp_s8",
        summary=f"{times(args.input.physical_sizes)} to {bounds['minimum']} .. {bounds['maximum']}",
        arguments=(
            Pointer("input", args.input),
            PARAMETERS,
            Pointer("output", args.out, writable=True),
        ),
        parameters={"count": args.input.elements, **bounds},
    )
