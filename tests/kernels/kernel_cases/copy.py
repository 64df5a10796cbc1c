# SPDX-License-Identifier: Apache-2.0
"""Cases of pad and permute_copy."""

from __future__ import annotations

import numpy as np
import torch
from executorch.backends.cortex_m.passes.passes_utils import is_channels_last

from kernel_cases.case_file import Case
from kernel_cases.draw import Draw
from kernel_cases.layout import from_nhwc, to_nhwc

_PERMUTE_RANK = 6


def pad(draw: Draw) -> Case:
    """Padding of each dimension, and cropping, of one to four dimensions and each element size."""
    dtype = draw.choice(np.int8, np.int8, np.int8, np.int16, np.int32)
    shape = [draw.integer(1, 6) for _ in range(draw.choice(1, 2, 3, 4, 4, 4, 4))]
    x = draw.int8(*shape) if dtype is np.int8 else draw.int32(30000, *shape).astype(dtype)
    channels_last = x.ndim == 4 and draw.chance(0.7)
    tensor = from_nhwc(x) if channels_last else torch.from_numpy(x)
    # The operator takes the amounts in memory order, and judges that by shape and strides.
    channels_last = is_channels_last(tensor)
    if channels_last:
        x = to_nhwc(tensor)
    unused = 4 - x.ndim
    pre = [_pad_amount(draw, size) for size in x.shape]
    post = [_pad_amount(draw, size + min(p, 0)) for size, p in zip(x.shape, pre, strict=True)]
    pre, post = [0] * unused + pre, [0] * unused + post
    value = draw.zero_point()
    if dtype is not np.int8:
        value = draw.integer(-(2**15), 2**15 - 1)
    result = torch.ops.cortex_m.pad(tensor, pre, post, value)
    expected = to_nhwc(result) if channels_last else result.contiguous().numpy()
    params = {
        "element_bytes": x.itemsize,
        "input": (1,) * unused + x.shape,
        "pre": pre,
        "post": post,
        "value": value,
    }
    description = f"{x.dtype} in {x.shape} pre {pre} post {post} value {value}"
    return Case("pad", description, params, [x], expected)


def _pad_amount(draw: Draw, size: int) -> int:
    if size > 1 and draw.chance(0.1):
        return -draw.integer(1, size - 1)
    return draw.choice(0, 0, 1, 2, draw.integer(0, 5))


def permute(draw: Draw) -> Case:
    """Permutations of up to six dimensions of each element size, some dimensions repeated or
    reversed, into outputs of any memory order."""
    rank = draw.integer(0, _PERMUTE_RANK)
    dtype = draw.choice(np.int8, np.int8, np.int16, np.int32, np.float32, np.int64)
    shape = [draw.integer(1, 4 if rank > 4 else 7) for _ in range(rank)]
    x = np.arange(np.prod(shape, dtype=np.int64)).reshape(shape).astype(dtype)
    order = draw.permutation(rank)
    tensor = torch.from_numpy(x).permute(order)
    if rank and draw.chance(0.15):  # an expanded dimension
        sizes = list(tensor.shape)
        dimension = draw.integer(0, rank - 1)
        tensor = tensor.narrow(dimension, 0, 1)
        sizes[dimension] = draw.integer(1, 5)
        tensor = tensor.expand(sizes)
    way = draw.choice(list(range(rank)), draw.permutation(rank))
    expected = tensor.permute(way).contiguous().numpy()
    logical = expected.transpose(np.argsort(way)) if rank else expected
    unused = [0] * (_PERMUTE_RANK - rank)
    params = {
        "element_bytes": x.itemsize,
        "rank": rank,
        "output_dims": [*tensor.shape, *unused],
        "input_strides": [*tensor.stride(), *unused],
        "output_strides": [*(step // x.itemsize for step in logical.strides), *unused],
    }
    description = f"{x.dtype} {tuple(tensor.shape)} strides {tensor.stride()} order {way}"
    return Case("permute_copy", description, params, [x], expected)
