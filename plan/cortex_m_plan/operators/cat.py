# SPDX-License-Identifier: Apache-2.0
"""Tensors joined along a dimension."""

from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.operators.strided import strided
from cortex_m_plan.operators.text import times
from cortex_m_plan.step import Step


@operator("aten::cat.out", "tensors:tensors dim:int out:out")
def cat(call: Call) -> tuple[Step, ...]:
    out = call.out
    dim = call.dimension(out, call.args.dim)
    steps = []
    start = 0
    for tensor in call.args.tensors:
        expected = (*out.sizes[:dim], *tensor.sizes[dim : dim + 1], *out.sizes[dim + 1 :])
        if tensor.sizes != expected:
            raise call.damaged(f"{times(tensor.sizes)} is no part of {times(out.sizes)}")
        steps.append(
            strided(
                call, tensor, out, tensor.sizes, tensor.strides, out.strides,
                target_at=start * out.strides[dim],
            )
        )  # fmt: skip
        start += tensor.sizes[dim]
    if start != out.sizes[dim]:
        raise call.damaged(f"its tensors have {start} elements of {out.sizes[dim]}")
    return tuple(steps)


@operator("aten::stack.out", "tensors:tensors dim:int out:out")
def stack(call: Call) -> tuple[Step, ...]:
    out = call.out
    dim = call.dimension(out, call.args.dim)
    sizes = out.sizes[:dim] + out.sizes[dim + 1 :]
    strides = out.strides[:dim] + out.strides[dim + 1 :]
    if any(tensor.sizes != sizes for tensor in call.args.tensors):
        raise call.damaged(f"its tensors are not {times(sizes)}")
    if len(call.args.tensors) != out.sizes[dim]:
        raise call.damaged(f"it stacks {len(call.args.tensors)} tensors to {times(out.sizes)}")
    return tuple(
        strided(
            call, tensor, out, sizes, tensor.strides, strides,
            target_at=index * out.strides[dim],
        )
        for index, tensor in enumerate(call.args.tensors)
    )  # fmt: skip
