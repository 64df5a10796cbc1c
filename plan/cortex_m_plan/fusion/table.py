# SPDX-License-Identifier: Apache-2.0
"""Float32 between integers, as a table.

Where the lowering left a bound in float, the program dequantizes, bounds and quantizes again: four
times the bytes of a tensor. Each element of the result depends on one int8 alone, so all of it is a
table of 256 results. They are computed here as the kernels compute them: one rounding to float32
after each multiplication (a product of two float32 is exact in double), ties to even at the end.
Scales far from 1 are left alone, so that no value is infinite or denormal.
"""

import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import replace

from cortex_m_plan.fusion.uses import Uses
from cortex_m_plan.operators import Call
from cortex_m_plan.program import DType
from cortex_m_plan.step import Step, Table

_DEQUANTIZE = "cortex_m_dequantize_per_tensor"
_QUANTIZE = "cortex_m_quantize_per_tensor"
_MODERATE = (2.0**-60, 2.0**60)

_Function = Callable[[float], float]


def fused(uses: Uses, last: int) -> Mapping[int, Call]:
    """What becomes of the calls if those up to a quantization are a table; else nothing."""
    chain = _chain(uses, last)
    if not chain:
        return {}
    first, call = uses.calls[chain[0]], uses.calls[last]
    source, target = first.args.input, call.out
    alike = (source.sizes, source.dim_order) == (target.sizes, target.dim_order)
    steps = [uses.step(at) for at in (*chain, last)]
    functions = [_function(step) for step in steps]
    if not alike or None in functions:
        return {}
    table = Table("results of int8", DType.INT8, _results(functions))
    number = call.instruction.index
    changed = {
        at: replace(uses.calls[at], unread=f"fused into the table of instruction {number}")
        for at in chain
    }
    texts = (
        f"instruction {one.index}, {one.operator.rpartition('::')[2].removesuffix('.out')}"
        for one in (uses.calls[at].instruction for at in chain)
    )
    changed[last] = replace(
        call, args=call.args.having(input=source), table=table, fused=(*call.fused, *texts)
    )
    return changed


def _chain(uses: Uses, last: int) -> list[int]:
    """The calls from a dequantization up to a quantization; none if others read them."""
    step = uses.step(last)
    if step is None or step.kernel != _QUANTIZE or uses.calls[last].table is not None:
        return []
    chain = [last]
    while True:
        writer = uses.writer(chain[0])
        step = uses.step(writer) if writer is not None else None
        if step is None or uses.readers(writer) != [chain[0]] or _function(step) is None:
            return []
        chain.insert(0, writer)
        if step.kernel == _DEQUANTIZE:
            return chain[:-1]


def _function(step: Step) -> _Function | None:
    """What a step computes of an element; None if that is not known exactly."""
    numbers = step.parameters
    match step.kernel:
        case "cortex_m_dequantize_per_tensor":
            scale = _single(numbers["scale"])
            zero_point = numbers["zero_point"]
            return _if(_moderate(scale), lambda x: _single((x - zero_point) * scale))
        case "cortex_m_quantize_per_tensor":
            inverse = _single(numbers["inverse_scale"])
            shift, low, high = (numbers[n] for n in ("zero_point", "quant_min", "quant_max"))
            return _if(
                _moderate(inverse),
                lambda x: min(max(round(_single(x * inverse)) + shift, low), high),
            )
        case "cortex_m_relu_f32":
            return lambda x: 0.0 if x < 0.0 else x
        case "cortex_m_clamp_f32":
            unbounded = numbers["unbounded"]
            low = -math.inf if unbounded & 1 else _single(numbers["minimum"])
            high = math.inf if unbounded & 2 else _single(numbers["maximum"])
            bounds = [bound for bound in (low, high) if bound and not math.isinf(bound)]
            # Upwards first, as the kernel does it: the maximum wins where bounds are upside down.
            return _if(all(map(_moderate, map(abs, bounds))), lambda x: min(max(x, low), high))
    return None


def _if(known: bool, function: _Function) -> _Function | None:
    return function if known else None


def _moderate(number: float) -> bool:
    return _MODERATE[0] < number < _MODERATE[1]


def _single(number: float) -> float:
    """Rounded to float32; infinite beyond."""
    try:
        (rounded,) = struct.unpack("<f", struct.pack("<f", number))
    except OverflowError:
        return math.inf
    return rounded


def _results(functions: list[_Function]) -> bytes:
    results = []
    for value in range(DType.INT8.low, DType.INT8.high + 1):
        for function in functions:
            value = function(value)
        results.append(value)
    return struct.pack(f"{len(results)}b", *results)
