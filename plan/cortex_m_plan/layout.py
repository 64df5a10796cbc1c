# SPDX-License-Identifier: Apache-2.0
"""Where the elements of a tensor lie, independently of how dim_order spells it.

The position of a dimension of size 1 in dim_order says nothing: a channels-last tensor with one
channel may be written [0, 2, 1, 3] as well as [0, 2, 3, 1]. Orders are therefore only ever
compared over the dimensions that are larger than 1.
"""

from collections.abc import Sequence
from math import prod
from typing import NamedTuple

from cortex_m_plan.program import Tensor

NCHW_AS_NHWC = (0, 2, 3, 1)
"""The memory order of a logical NCHW tensor that is channels-last."""

NHWC = (0, 1, 2, 3)
"""The memory order of a logical NHWC tensor, as the explicit-layout operators take it."""


class Dims(NamedTuple):
    """Four sizes in memory order, as cortex_m_dims."""

    n: int
    h: int
    w: int
    c: int


def memory_order(tensor: Tensor) -> tuple[int, ...]:
    """The dimensions larger than 1, outermost first."""
    return tuple(dim for dim in tensor.dim_order if tensor.sizes[dim] != 1)


def is_ordered(tensor: Tensor, order: tuple[int, ...]) -> bool:
    """Whether the tensor's elements lie as `order` says."""
    return memory_order(tensor) == tuple(dim for dim in order if tensor.sizes[dim] != 1)


def is_contiguous(tensor: Tensor) -> bool:
    """Whether the elements lie in the order of their logical indices."""
    return is_ordered(tensor, tuple(range(len(tensor.sizes))))


def same_layout(one: Tensor, other: Tensor) -> bool:
    """Whether equal logical indices are equal positions in memory."""
    return one.sizes == other.sizes and memory_order(one) == memory_order(other)


def dims(tensor: Tensor, order: tuple[int, ...]) -> Dims | None:
    """The sizes in memory order; None for a tensor that is not 4-D or not in that order."""
    if len(tensor.sizes) != 4 or not is_ordered(tensor, order):
        return None
    return Dims(*(tensor.sizes[dim] for dim in order))


class Walk(NamedTuple):
    """A copy as nested loops: sizes, and the strides of source and target, outermost first."""

    sizes: tuple[int, ...]
    source_strides: tuple[int, ...]
    target_strides: tuple[int, ...]

    @property
    def is_straight(self) -> bool:
        """Whether neighbours in the source are neighbours in the target, throughout."""
        return self.source_strides == self.target_strides == (1,) or not self.sizes


def walk(
    sizes: Sequence[int], source_strides: Sequence[int], target_strides: Sequence[int]
) -> Walk:
    """How to copy elements, in the order in which they lie in the target.

    Loops that can be one are merged, so that a plain copy becomes a straight walk whatever its
    rank.
    """
    loops = zip(sizes, source_strides, target_strides, strict=True)
    ordered = sorted((loop for loop in loops if loop[0] != 1), key=lambda loop: -loop[2])
    merged: list[tuple[int, int, int]] = []
    for size, source, target in ordered:
        if merged and merged[-1][1:] == (source * size, target * size):
            merged[-1] = (merged[-1][0] * size, source, target)
        else:
            merged.append((size, source, target))
    return Walk(*zip(*merged, strict=True)) if merged else Walk((), (), ())


def memory_split(tensor: Tensor, dim: int) -> tuple[int, int, int]:
    """Elements of the dimensions outside `dim` in memory, of it, and of those inside."""
    place = tensor.dim_order.index(dim)
    sizes = tensor.physical_sizes
    return prod(sizes[:place]), sizes[place], prod(sizes[place + 1 :])
