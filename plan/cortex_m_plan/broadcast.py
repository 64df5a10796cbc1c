# SPDX-License-Identifier: Apache-2.0
"""The shape of an elementwise operator of two operands, as the kernels walk it."""

from collections.abc import Sequence
from typing import NamedTuple

from cortex_m_plan.program import Tensor

MAX_RANK = 6  # CORTEX_M_BROADCAST_RANK


class Broadcast(NamedTuple):
    """As cortex_m_broadcast: dimensions in the output's memory order, and both strides."""

    rank: int
    output_dims: tuple[int, ...]
    self_strides: tuple[int, ...]
    other_strides: tuple[int, ...]


def shape_of(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...] | None:
    """The shape two operands give together, by PyTorch's rules; None if they do not fit."""
    rank = max(len(one), len(other))
    padded = [(1,) * (rank - len(sizes)) + sizes for sizes in (one, other)]
    if any(a != b and 1 not in (a, b) for a, b in zip(*padded, strict=True)):
        return None
    return tuple(b if a == 1 else a for a, b in zip(*padded, strict=True))


def broadcast(one: Tensor, other: Tensor, out: Tensor) -> Broadcast | None:
    """How to read two operands to write `out` in its memory order.

    Both must be broadcastable to out's shape. Dimensions that can be walked as one are merged;
    None if more than the kernels take are left.
    """
    loops = merged((one, other), out)
    if len(loops) > MAX_RANK:
        return None
    rank = max(len(loops), 1)
    loops += [(1, 0, 0)] * (rank - len(loops)) + [(0, 0, 0)] * (MAX_RANK - rank)
    return Broadcast(rank, *zip(*loops, strict=True))


def merged(operands: Sequence[Tensor], out: Tensor) -> list[tuple[int, ...]]:
    """The loops over `out` in its memory order: size, and each operand's stride."""
    loops: list[tuple[int, ...]] = []
    strides = [_strides(operand, len(out.sizes)) for operand in operands]
    for dim in out.dim_order:
        size = out.sizes[dim]
        if size == 1:
            continue
        steps = tuple(own[dim] for own in strides)
        if loops and loops[-1][1:] == tuple(step * size for step in steps):
            loops[-1] = (loops[-1][0] * size, *steps)
        else:
            loops.append((size, *steps))
    return loops


def _strides(operand: Tensor, rank: int) -> tuple[int, ...]:
    """The operand's strides by the output's dimensions: 0 where it is repeated."""
    used = tuple(
        0 if size == 1 else stride
        for size, stride in zip(operand.sizes, operand.strides, strict=True)
    )
    # Dimensions of size 1 before the output's first one have no place in it.
    return (0,) * (rank - len(used)) + used[max(len(used) - rank, 0) :]
