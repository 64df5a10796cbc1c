# SPDX-License-Identifier: Apache-2.0
"""Products of matrices."""

from cortex_m_plan.layout import is_contiguous
from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.exact import beyond_float32
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import DType
from cortex_m_plan.step import PARAMETERS, Pointer, Scratch, Step


@operator(
    "cortex_m::quantized_batch_matmul.out",
    "lhs:tensor lhs_offset:int rhs:tensor rhs_offset:int "
    "output_zero_point:int output_multiplier:int output_shift:int scratch:scratch out:out",
)
def quantized_batch_matmul(call: Call) -> Step:
    args = call.args
    call.require_dtype(DType.INT8, lhs=args.lhs, rhs=args.rhs, out=args.out)
    call.require_offsets(lhs_offset=args.lhs_offset, rhs_offset=args.rhs_offset)
    call.require_zero_points(output_zero_point=args.output_zero_point)
    for name, tensor in (("lhs", args.lhs), ("rhs", args.rhs), ("the output", args.out)):
        if len(tensor.sizes) != 3:
            raise call.damaged(f"{name} has {len(tensor.sizes)} dimensions, not 3")
        if not is_contiguous(tensor):
            raise call.refuse(
                f"{name} is not contiguous in memory",
                "call .contiguous() before the product in the model",
            )
    batch, rows, inner = args.lhs.sizes
    columns = args.rhs.sizes[1]
    if args.rhs.sizes != (batch, columns, inner) or args.out.sizes != (batch, rows, columns):
        raise call.damaged(
            f"{times(args.lhs.sizes)} times {times(args.rhs.sizes)}, transposed, "
            f"is not {times(args.out.sizes)}"
        )
    largest = inner
    for offset in (args.lhs_offset, args.rhs_offset):
        largest *= max(127 + offset, 128 - offset)
    return Step(
        instruction=call.instruction,
        kernel="cortex_m_quantized_batch_matmul",
        summary=f"{batch} times {rows}x{inner} * {inner}x{columns}{beyond_float32(largest)}",
        arguments=(
            Pointer("lhs", args.lhs),
            Pointer("rhs_transposed", args.rhs),
            PARAMETERS,
            Pointer("scratch", args.scratch if args.scratch.bytes else None, writable=True),
            Pointer("output", args.out, writable=True),
        ),
        parameters={
            "batch": batch,
            "rows": rows,
            "columns": columns,
            "inner": inner,
            "lhs_offset": args.lhs_offset,
            "rhs_offset": args.rhs_offset,
            "output_zero_point": args.output_zero_point,
            "output_multiplier": args.output_multiplier,
            "output_shift": args.output_shift,
        },
        scratches=(
            Scratch(args.scratch, f"CORTEX_M_QUANTIZED_BATCH_MATMUL_SCRATCH({inner}, {columns})"),
        ),
        macs=batch * rows * inner * columns,
    )
