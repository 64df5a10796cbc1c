# SPDX-License-Identifier: Apache-2.0
"""Operands of elementwise operators: shapes, memory orders, and what is repeated."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from kernel_cases.draw import Draw

MAX_RANK = 6


class Operands:
    """Two operands and the output's shape.

    Attributes:
        buffers: both operands in memory order.
        tensors: both operands as logical tensors of the output's shape.
        shape: the members of cortex_m_broadcast.
    """

    def __init__(self, draw: Draw, values: Callable[..., np.ndarray]) -> None:
        shape = _output_shape(draw)
        rank = len(shape)
        kinds = draw.choice(
            ("full", "full"), ("full", "full"), ("full", "channel"), ("channel", "full"),
            ("full", "scalar"), ("any", "full"), ("full", "any"), ("any", "any"),
        )  # fmt: skip
        order = _order(draw, rank)
        self.buffers = []
        self.tensors = []
        strides = []
        sizes = [_operand_shape(draw, kind, shape, order) for kind in kinds]
        shape = np.broadcast_shapes(*sizes)
        for size in sizes:
            way = order if draw.chance(0.6) else _order(draw, rank)
            stored = values(*(size[dim] for dim in way))
            logical = stored.transpose(np.argsort(way))
            self.buffers.append(stored)
            self.tensors.append(torch.from_numpy(np.broadcast_to(logical, shape).copy()))
            strides.append(
                [0 if size[dim] == 1 else logical.strides[dim] // logical.itemsize for dim in order]
            )
        unused = [0] * (MAX_RANK - rank)
        self._order = order
        self.shape = (
            rank,
            [*(shape[dim] for dim in order), *unused],
            [*strides[0], *unused],
            [*strides[1], *unused],
        )
        self._text = f"{sizes[0]} {sizes[1]} order {order}"

    def stored(self, result: torch.Tensor) -> np.ndarray:
        """The output in memory order."""
        return np.ascontiguousarray(result.numpy().transpose(self._order))

    def __str__(self) -> str:
        return self._text.replace(", ", ",")


def _output_shape(draw: Draw) -> tuple[int, ...]:
    kind = draw.integer(0, 3)
    if kind == 0:  # one row, as the plan makes of equal layouts
        return (draw.integer(1, 200),)
    if kind == 1:  # channels-last
        return (draw.integer(1, 6), draw.integer(1, 19))
    rank = draw.integer(1, MAX_RANK)
    return tuple(draw.integer(1, 6 if rank < 5 else 3) for _ in range(rank))


def _order(draw: Draw, rank: int) -> list[int]:
    return list(range(rank)) if draw.chance(0.6) else draw.permutation(rank)


def _operand_shape(
    draw: Draw, kind: str, shape: tuple[int, ...], order: list[int]
) -> tuple[int, ...]:
    if kind == "full":
        return shape
    if kind == "channel":
        return tuple(size if dim == order[-1] else 1 for dim, size in enumerate(shape))
    if kind == "scalar":
        return (1,) * len(shape)
    return tuple(draw.choice(1, size) for size in shape)
