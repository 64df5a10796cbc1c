# SPDX-License-Identifier: Apache-2.0
"""Where the elements of a tensor lie, independently of how dim_order spells it.

The position of a dimension of size 1 in dim_order says nothing: a channels-last tensor with one
channel may be written [0, 2, 1, 3] as well as [0, 2, 3, 1]. Orders are therefore only ever
compared over the dimensions that are larger than 1.
"""

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
    """A copy as nested loops over its destination: sizes and source strides, outermost first."""

    sizes: tuple[int, ...]
    strides: tuple[int, ...]

    @property
    def is_straight(self) -> bool:
        """Whether source and destination lie the same way."""
        return self.strides in ((), (1,))


def walk(source: Tensor, permutation: tuple[int, ...], target: Tensor) -> Walk:
    """How to read `source` to write `target` in its memory order.

    Dimension d of `target` is dimension permutation[d] of `source`. Loops that can be one are
    merged, so that a plain copy becomes a straight walk whatever its rank.
    """
    sizes: list[int] = []
    strides: list[int] = []
    for dim in target.dim_order:
        size, stride = target.sizes[dim], source.strides[permutation[dim]]
        if size == 1:
            continue
        if sizes and strides[-1] == stride * size:
            sizes[-1] *= size
            strides[-1] = stride
        else:
            sizes.append(size)
            strides.append(stride)
    return Walk(tuple(sizes), tuple(strides))
