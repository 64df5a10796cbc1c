# SPDX-License-Identifier: Apache-2.0
"""Softmax."""

import math
import struct

from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import DType
from cortex_m_plan.step import PARAMETERS, Pointer, Step

_OUTPUT_ZERO_POINT = -128
_INTEGER_BITS = 5
_TABLE_ONE = 1 << 30
_LANES = 8  # how PyTorch sums along the last dimension
_ROUNDING = 2.0**-24  # relative error of one float32 operation


@operator(
    "cortex_m::softmax.out",
    "input:tensor dim:int input_zero_point:int output_zero_point:int "
    "input_multiplier:int input_shift:int diff_min:int out:out",
)
def softmax(call: Call) -> Step:
    args = call.args
    call.require_dtype(DType.INT8, input=args.input, out=args.out)
    call.require_same_layout(input=args.input, out=args.out)
    sizes = args.input.sizes
    dim = args.dim + len(sizes) if args.dim < 0 else args.dim
    if not 0 <= dim < len(sizes):
        raise call.damaged(f"a tensor of {len(sizes)} dimensions has no dimension {args.dim}")
    if not -128 <= args.input_zero_point <= 127:
        raise call.damaged(f"its zero point is {args.input_zero_point}")
    if args.output_zero_point != _OUTPUT_ZERO_POINT:
        raise call.damaged(f"its output's zero point is {args.output_zero_point}")
    # As the reference: in double, rounded to float32 where it meets the tensor.
    exponent = max(-200, min(args.input_shift, 200)) - 31 - (31 - _INTEGER_BITS)
    scale = math.ldexp(float(args.input_multiplier), exponent)
    if not 2.0**-100 <= scale <= 2.0**100:
        raise call.damaged(f"its input scale is {scale}")
    scale = struct.unpack("<f", struct.pack("<f", scale))[0]
    place = args.input.dim_order.index(dim)
    physical = args.input.physical_sizes
    lanes = _LANES if dim == len(sizes) - 1 else 1
    return Step(
        instruction=call.instruction,
        kernel="cortex_m_softmax",
        summary=f"{times(physical)} along dimension {place} in memory",
        arguments=(
            Pointer("input", args.input),
            PARAMETERS,
            Pointer("output", args.out, writable=True),
        ),
        parameters={
            "outer": math.prod(physical[:place]),
            "count": physical[place],
            "inner": math.prod(physical[place + 1 :]),
            "lanes": lanes,
            "input_zero_point": args.input_zero_point,
            "input_scale": scale,
            "tie_margin": tie_margin(physical[place], lanes, scale, args.input_zero_point),
            "exponentials": tuple(round(_TABLE_ONE * math.exp(-d * scale)) for d in range(256)),
            "input_multiplier": args.input_multiplier,
            "input_shift": args.input_shift,
            "diff_min": args.diff_min,
        },
    )


def tie_margin(count: int, lanes: int, scale: float, zero_point: int) -> int:
    """Bound, times 2^32, of how far reference and table can be apart, relative to a result.

    Only results of 1/512 and more can lie near a tie.
    """
    # Two products and their difference, each rounded, are the exponent.
    exponent = (2 * max(127 - zero_point, 128 + zero_point) + 255) * scale * _ROUNDING
    exponential = math.expm1(min(exponent, 1.0)) + 1.01 * _ROUNDING
    additions = count if lanes == 1 else -(-count // lanes) + lanes
    # Numerator and denominator; sum, quotient; the table's entries above 2^21, and all of them.
    error = 2 * exponential + (additions + 3 + 4 + count / 128) * _ROUNDING
    return min(math.ceil(1.01 * error * 2.0**32), 2**31 - 1)
