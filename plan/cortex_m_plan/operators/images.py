# SPDX-License-Identifier: Apache-2.0
"""Images of any memory order: sizes and strides by batch, height, width and channel."""

from cortex_m_plan.layout import Dims
from cortex_m_plan.operators.call import Call
from cortex_m_plan.program import Tensor


def image(call: Call, tensor: Tensor) -> tuple[Dims, Dims]:
    """Sizes and strides of a logical NCHW tensor; NCL has a height of 1, CHW a batch of 1."""
    sizes, strides = tensor.sizes, tensor.strides
    if len(sizes) == 4:
        (n, c, h, w), (dn, dc, dh, dw) = sizes, strides
        return Dims(n, h, w, c), Dims(dn, dh, dw, dc)
    raise call.refuse(
        f"a tensor of {len(sizes)} dimensions is no batch of images",
        "use tensors of four dimensions: x.unsqueeze(0) makes a batch of one",
    )


def row(call: Call, tensor: Tensor) -> tuple[Dims, Dims]:
    """As image, of a logical NCL tensor, whose height is 1."""
    if len(tensor.sizes) != 3:
        return image(call, tensor)
    (n, c, w), (dn, dc, dw) = tensor.sizes, tensor.strides
    return Dims(n, 1, w, c), Dims(dn, 0, dw, dc)


def both_sides(padding: tuple[int, ...]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Padding above and to the left, and below and to the right.

    A program has the same on both sides; where a pad was fused there are four numbers.
    """
    return padding[:2], padding[-2:]
