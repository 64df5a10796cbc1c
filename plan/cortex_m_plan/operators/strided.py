# SPDX-License-Identifier: Apache-2.0
"""Copies of elements: the way they take decides what the plan makes of them."""

from collections.abc import Sequence

from cortex_m_plan.layout import walk
from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import Tensor
from cortex_m_plan.step import PARAMETERS, Move, Pointer, Step

MAX_RANK = 6  # CORTEX_M_PERMUTE_COPY_RANK


def strided(
    call: Call,
    source: Tensor,
    target: Tensor,
    sizes: Sequence[int],
    source_strides: Sequence[int],
    target_strides: Sequence[int],
    *,
    source_at: int = 0,
    target_at: int = 0,
) -> Step:
    """Copies sizes[0] x sizes[1] x ... elements, whose neighbours lie the strides apart.

    Strides, and where the first element lies, are in elements.
    """
    if source.dtype is not target.dtype:
        raise call.refuse(
            f"it converts {source.dtype.label} to {target.dtype.label}",
            "convert the tensor in an operation of its own: x.to(dtype)",
        )
    element_bytes = source.dtype.size
    way = walk(sizes, source_strides, target_strides)
    shape = f"{times(source.physical_sizes)} -> {times(target.physical_sizes)}"
    if way.is_straight:
        count = way.sizes[0] if way.sizes else 1
        move = Move(
            source,
            target,
            count * element_bytes,
            source_at * element_bytes,
            target_at * element_bytes,
        )
        return moved(call, move, shape)
    if len(way.sizes) > MAX_RANK:
        raise call.refuse(
            f"it walks {len(way.sizes)} dimensions that lie apart, the kernel {MAX_RANK}",
            "use tensors of lower rank",
        )
    unused = (0,) * (MAX_RANK - len(way.sizes))
    return Step(
        instruction=call.instruction,
        kernel="cortex_m_permute_copy",
        summary=f"{shape}, by {times(way.sizes)} elements",
        arguments=(
            Pointer("input", source, at=source_at * element_bytes),
            PARAMETERS,
            Pointer("output", target, writable=True, at=target_at * element_bytes),
        ),
        parameters={
            "element_bytes": element_bytes,
            "rank": len(way.sizes),
            "output_dims": way.sizes + unused,
            "input_strides": way.source_strides + unused,
            "output_strides": way.target_strides + unused,
        },
    )


def straight(call: Call) -> Step:
    """A copy of all bytes of `input` as they are."""
    source = call.args.input
    return moved(call, Move(source, call.out, source.bytes), times(source.physical_sizes))


def moved(call: Call, move: Move, shape: str) -> Step:
    """The step of a move: memcpy, or nothing if the bytes are in place already."""
    if move.in_place:
        return Step(call.instruction, "", f"{shape}, in place already", move=move)
    return Step(
        instruction=call.instruction,
        kernel="memcpy",
        summary=f"{shape}, {move.bytes} B as they are",
        arguments=(
            Pointer("output", move.target, writable=True, at=move.target_at),
            Pointer("input", move.source, at=move.source_at),
            move.bytes,
        ),
        move=move,
    )
