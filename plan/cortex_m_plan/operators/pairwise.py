# SPDX-License-Identifier: Apache-2.0
"""The step of an elementwise operator of two tensors, as all of the dialect's are."""

from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.text import times
from cortex_m_plan.step import PARAMETERS, Field, Pointer, Step


def pairwise(call: Call, kernel: str, words: str, **parameters: Field) -> Step:
    """Reads `self` and `other` of the call, broadcast to its output.

    Args:
        words: the summary of the operation, with {} for each operand's shape.
        parameters: the kernel's, behind the shape.
    """
    args = call.args
    operands = words.format(times(args.self.physical_sizes), times(args.other.physical_sizes))
    return Step(
        instruction=call.instruction,
        kernel=kernel,
        summary=f"{operands} -> {times(args.out.physical_sizes)}",
        arguments=(
            Pointer("self", args.self),
            Pointer("other", args.other),
            PARAMETERS,
            Pointer("output", args.out, writable=True),
        ),
        parameters={"shape": call.broadcast(args.self, args.other), **parameters},
    )
