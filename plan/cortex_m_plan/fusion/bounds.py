# SPDX-License-Identifier: Apache-2.0
"""A clamp fused into the bounds of the operator that writes its input.

The operator ends with x -> min(max(x, a), b), a <= b, and the clamp is x -> min(max(x, c), d) of
the same integers, c <= d. Both after each other are one clamp, to c' = min(max(a, c), d) and
d' = min(max(b, c), d): below a and above b the first one gives its bounds, which the second one
takes to c' and d'; between them it leaves x alone, and the second one clamps it to c .. d, which
c' and d' narrow only where a or b is nearer. A maximum with a constant c is a clamp to c .. 127, a
minimum with d one to -128 .. d.
"""

from collections.abc import Mapping
from dataclasses import replace

from cortex_m_plan.fusion.uses import Uses
from cortex_m_plan.operators import Call
from cortex_m_plan.program import DType, Tensor
from cortex_m_plan.step import Step

_BOUNDED = {
    f"cortex_m::{name}.out"
    for name in (
        "quantized_add",
        "quantized_conv2d",
        "quantized_conv2d_nhwc",
        "quantized_depthwise_conv2d",
        "quantized_depthwise_conv2d_nhwc",
        "quantized_linear",
        "quantized_max_pool2d",
        "quantized_max_pool2d_nhwc",
        "quantized_transpose_conv2d",
        "quantized_transpose_conv2d_nhwc",
    )
}


def fused(uses: Uses, clamp: int) -> Mapping[int, Call]:
    """What becomes of the calls if a clamp is fused into its source; nothing if it cannot be."""
    call, step = uses.calls[clamp], uses.step(clamp)
    bounds = _bounds(call, step) if step is not None else None
    writer = uses.writer(clamp) if bounds is not None else None
    if writer is None or uses.readers(writer) != [clamp]:
        return {}
    source = uses.calls[writer]
    written, target = source.out, call.out
    alike = (written.sizes, written.dim_order) == (target.sizes, target.dim_order)
    if source.instruction.operator not in _BOUNDED or not alike:
        return {}
    low, high = (
        min(max(bound, bounds[0]), bounds[1])
        for bound in (source.args.activation_min, source.args.activation_max)
    )
    name = call.instruction.operator.rpartition("::")[2].removesuffix(".out")
    text = f"instruction {call.instruction.index}, {name}: to {bounds[0]} .. {bounds[1]}"
    return {
        writer: replace(
            source,
            args=source.args.having(activation_min=low, activation_max=high, out=target),
            fused=(*source.fused, text),
        ),
        clamp: replace(
            call, unread=f"fused into the bounds of instruction {source.instruction.index}"
        ),
    }


def _bounds(call: Call, step: Step) -> tuple[int, int] | None:
    """To which int8 values a call clamps its one input; None if it does anything else."""
    if step.kernel == "cortex_m_clamp_s8":
        low, high = step.parameters["minimum"], step.parameters["maximum"]
        return (low, high) if low <= high else None
    if step.kernel not in ("cortex_m_minimum", "cortex_m_maximum"):
        return None
    constant = next((t for t in (call.args.self, call.args.other) if t.constant is not None), None)
    value = _value(call, constant) if constant is not None else None
    if value is None or len(call.reads) != 1:
        return None
    low, high = DType.INT8.low, DType.INT8.high
    return (value, high) if step.kernel == "cortex_m_maximum" else (low, value)


def _value(call: Call, constant: Tensor) -> int | None:
    """The value of all elements of a constant."""
    values = set(call.program.constants.integers(constant))
    return values.pop() if len(values) == 1 else None
