# SPDX-License-Identifier: Apache-2.0
"""Normalizations of float32 tensors."""

from math import prod

from cortex_m_plan.layout import is_contiguous, memory_split
from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import DType, Tensor
from cortex_m_plan.step import PARAMETERS, Pointer, Step

_OUTS = "out:out0 mean:out0 rstd:out0"


@operator(
    "aten::native_layer_norm.out",
    f"input:tensor shape:ints weight:tensor? bias:tensor? epsilon:number {_OUTS}",
)
def layer_norm(call: Call) -> Step:
    source, shape = call.args.input, call.args.shape
    if not shape or source.sizes[-len(shape) :] != shape:
        raise call.damaged(f"{times(source.sizes)} does not end in {times(shape)}")
    size = prod(shape)
    return _sets(call, size, channels=size, repeats=1)


@operator(
    "aten::native_group_norm.out",
    "input:tensor weight:tensor? bias:tensor? n:int c:int hw:int groups:int epsilon:number "
    f"{_OUTS}",
)
def group_norm(call: Call) -> Step:
    args = call.args
    if args.groups < 1 or args.c % args.groups or args.n * args.c * args.hw != args.input.elements:
        raise call.damaged(
            f"{args.n}x{args.c}x{args.hw} in {args.groups} groups is not {times(args.input.sizes)}"
        )
    return _sets(call, args.c // args.groups * args.hw, channels=args.c, repeats=args.hw)


@operator(
    "aten::_native_batch_norm_legit_no_training.out",
    "input:tensor weight:tensor? bias:tensor? mean:tensor variance:tensor momentum:any "
    "epsilon:number out:out0 save_mean:out0 save_variance:out0",
)
def batch_norm(call: Call) -> Step:
    """Inference: the saved statistics are without elements."""
    args = call.args
    tensors = {
        "weight": args.weight, "bias": args.bias, "mean": args.mean, "variance": args.variance
    }  # fmt: skip
    call.require_dtype(DType.FLOAT32, input=args.input, out=args.out, **tensors)
    call.require_same_layout(input=args.input, out=args.out)
    if len(call.outs) != 1 or len(args.input.sizes) < 2:
        raise call.damaged("it saves statistics, or has no channels")
    outer, channels, inner = memory_split(args.input, 1)
    call.require_elements(channels, **tensors)
    return Step(
        instruction=call.instruction,
        kernel="cortex_m_batch_norm_f32",
        summary=f"{times(args.input.physical_sizes)}, {channels} channels",
        arguments=(
            Pointer("input", args.input),
            *(Pointer(name, tensor) for name, tensor in tensors.items()),
            PARAMETERS,
            Pointer("output", args.out, writable=True),
        ),
        parameters={
            "outer": outer,
            "channels": channels,
            "inner": inner,
            "epsilon": float(args.epsilon),
        },
    )


def _sets(call: Call, size: int, *, channels: int, repeats: int) -> Step:
    """Neighbouring elements normalized together."""
    args = call.args
    call.require_dtype(
        DType.FLOAT32, input=args.input, weight=args.weight, bias=args.bias, out=args.out
    )
    for tensor in (args.input, args.out):
        if not is_contiguous(tensor):
            raise call.refuse(
                f"%{tensor.id} is not contiguous in memory", "call .contiguous() before the layer"
            )
    groups = args.input.elements // size
    call.require_elements(channels, weight=args.weight, bias=args.bias)
    statistics = {"mean": args.mean, "rstd": args.rstd}
    for name, tensor in statistics.items():
        if tensor.elements:
            call.require_dtype(DType.FLOAT32, **{name: tensor})
            call.require_elements(groups, **{name: tensor})
    return Step(
        instruction=call.instruction,
        kernel="cortex_m_layer_norm_f32",
        summary=f"{groups} sets of {size} elements",
        arguments=(
            Pointer("input", args.input),
            Pointer("weight", args.weight),
            Pointer("bias", args.bias),
            PARAMETERS,
            Pointer("output", args.out, writable=True),
            *(Pointer(name, _there(tensor), writable=True) for name, tensor in statistics.items()),
        ),
        parameters={
            "groups": groups,
            "size": size,
            "channels": channels,
            "repeats": repeats,
            "epsilon": float(args.epsilon),
        },
    )


def _there(tensor: Tensor) -> Tensor | None:
    return tensor if tensor.elements else None
