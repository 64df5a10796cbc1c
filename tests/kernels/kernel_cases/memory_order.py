# SPDX-License-Identifier: Apache-2.0
"""Tensors in any memory order."""

from __future__ import annotations

import numpy as np
import torch

from kernel_cases.draw import Draw

NCHW = (0, 1, 2, 3)
NHWC = (0, 2, 3, 1)


class Image:
    """A logical NCHW tensor in one of the two memory orders.

    Attributes:
        tensor: the logical tensor.
        stored: its elements in memory order.
        dims, strides: by batch, height, width, channel, as the kernels take them.
    """

    def __init__(self, tensor: torch.Tensor, order: tuple[int, ...]) -> None:
        n, c, h, w = tensor.shape
        self.tensor = tensor
        self.stored = tensor.permute(order).contiguous().numpy()
        self.dims = (n, h, w, c)
        self.strides = (c * h * w, w, 1, h * w) if order == NCHW else (c * h * w, w * c, c, 1)


def any_image_order(draw: Draw) -> tuple[int, ...]:
    return draw.choice(NCHW, NHWC)


def with_order(tensor: torch.Tensor, order: tuple[int, ...]) -> torch.Tensor:
    """The same logical tensor, for torch, with its strides in that order."""
    return tensor.permute(order).contiguous().permute(tuple(np.argsort(order)))
