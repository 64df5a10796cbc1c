# SPDX-License-Identifier: Apache-2.0
"""Cases of the float32 pools and of upsampling."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional

from kernel_cases.case_file import Case
from kernel_cases.draw import Draw
from kernel_cases.memory_order import Image, any_image_order, with_order
from kernel_cases.tolerance import exact, ulps


def pool(draw: Draw) -> Case:
    """All three pools, every count rule, ceil_mode, dilation, both memory orders."""
    kind = draw.choice("avg", "max", "max", "adaptive")
    if kind == "adaptive":
        return _adaptive(draw)
    kernel = (draw.integer(1, 4), draw.integer(1, 4))
    stride = (draw.integer(1, 3), draw.integer(1, 3))
    dilation = (draw.choice(1, 1, 2), draw.choice(1, 1, 2)) if kind == "max" else (1, 1)
    pad = tuple(draw.integer(0, k // 2) for k in kernel)
    size = [(k - 1) * d + draw.integer(1, 7) for k, d in zip(kernel, dilation, strict=True)]
    ceil_mode = draw.chance(0.4)
    counted, divisor = draw.chance(0.5), draw.choice(None, None, draw.integer(1, 9))
    x = torch.from_numpy(draw.normal(1.0, draw.choice(1, 2), draw.integer(1, 5), *size))
    if draw.chance(0.3):
        x = x.round() + 0.0
    narrow = kind == "max" and draw.chance(0.4)
    if narrow:  # four images, so that the outputs are whole words
        x = torch.from_numpy(draw.int8(4, *x.shape[1:]))
    elif kind == "max" and draw.chance(0.1):
        x[0, 0, 0, 0] = float("nan")
    order, target_order = any_image_order(draw), any_image_order(draw)
    source = Image(x, order)
    ordered = with_order(x, order)
    if kind == "max":
        result, indices = torch.ops.aten.max_pool2d_with_indices(
            ordered, kernel, stride, pad, dilation, ceil_mode
        )
        target = Image(result, target_order)
        # Both outputs, as words: the runner puts the indices first.
        positions = Image(indices, target_order).stored
        expected = np.frombuffer(positions.tobytes() + target.stored.tobytes(), np.int32)
        tolerance = None
    else:
        arguments = (kernel, stride, pad, ceil_mode, counted, divisor)
        result = torch.ops.aten.avg_pool2d(ordered, *arguments)
        target = Image(result, target_order)
        expected = target.stored
        magnitude = torch.ops.aten.avg_pool2d(x.abs(), *arguments)
        tolerance = ulps(2, Image(magnitude, target_order).stored)
    params = _images(source, target) | {
        "kernel_h": kernel[0],
        "kernel_w": kernel[1],
        "stride_h": stride[0],
        "stride_w": stride[1],
        "pad_h": pad[0],
        "pad_w": pad[1],
        "dilation_h": dilation[0],
        "dilation_w": dilation[1],
        "count_padding": int(counted),
        "divisor": divisor or 0,
    }
    description = f"{tuple(x.shape)} {kernel} stride {stride} pad {pad} ceil {ceil_mode}"
    name = f"{kind}_pool2d_{'s8' if narrow else 'f32'}"
    return Case(name, description, params, [source.stored], expected, tolerance=tolerance)


def _adaptive(draw: Draw) -> Case:
    x = torch.from_numpy(draw.normal(1.0, 1, draw.integer(1, 5), *_size(draw, 9)))
    size = _size(draw, 9)
    source = Image(x, any_image_order(draw))
    target_order = any_image_order(draw)
    target = Image(torch.ops.aten._adaptive_avg_pool2d(x, size), target_order)
    magnitude = Image(torch.ops.aten._adaptive_avg_pool2d(x.abs(), size), target_order)
    return Case(
        "adaptive_avg_pool2d_f32", f"{tuple(x.shape)} to {size}", _images(source, target),
        [source.stored], target.stored, tolerance=ulps(2, magnitude.stored),
    )  # fmt: skip


def upsample(draw: Draw) -> Case:
    """To sizes and by factors, larger and smaller, with and without aligned corners."""
    x = torch.from_numpy(draw.normal(1.0, draw.choice(1, 2), draw.integer(1, 4), *_size(draw, 6)))
    factors, size = None, _size(draw, 13)
    if draw.chance(0.5):
        factors = [draw.choice(2.0, 2.0, 3.0, 1.5, draw.uniform(1.0, 4.0)) for _ in range(2)]
        size = None
    source = Image(x, any_image_order(draw))
    target_order = any_image_order(draw)
    bilinear = draw.chance(0.5)
    aligned = bilinear and draw.chance(0.4)
    mode = {"mode": "bilinear", "align_corners": aligned} if bilinear else {"mode": "nearest"}
    if bilinear:
        result = torch.ops.aten.upsample_bilinear2d.vec(x, size, aligned, factors)
    else:
        result = torch.ops.aten.upsample_nearest2d.vec(x, size, factors)
    target = Image(result, target_order)
    scales = [
        _scale(aligned, not bilinear, x.shape[2 + i], result.shape[2 + i], factors and factors[i])
        for i in range(2)
    ]
    params = _images(source, target) | {"scale_h": scales[0], "scale_w": scales[1]}
    description = f"{tuple(x.shape)} to {tuple(result.shape)} {factors} {mode}"
    if not bilinear:
        params["element_bytes"] = 4
        return Case(
            "upsample_nearest2d", description, params, [source.stored], target.stored,
            tolerance=exact(target.stored),
        )  # fmt: skip
    params["align_corners"] = int(aligned)
    around = functional.max_pool2d(x.abs(), 3, 1, 1)
    magnitude = torch.ops.aten.upsample_nearest2d.vec(around, list(result.shape[2:]), None)
    return Case(
        "upsample_bilinear2d_f32", description, params, [source.stored], target.stored,
        tolerance=ulps(4, Image(magnitude, target_order).stored),
    )  # fmt: skip


def _size(draw: Draw, most: int) -> list[int]:
    return [draw.integer(1, most), draw.integer(1, most)]


def _scale(aligned: bool, nearest: bool, size: int, grown: int, factor: float | None) -> float:
    if aligned:
        return float(np.float32((size - 1) / (grown - 1))) if grown > 1 else 0.0
    # These sizes torch treats apart, whatever the factor is that led to them.
    if grown == size or (nearest and grown == 2 * size):
        return size / grown
    return float(np.float32(1.0 / factor if factor else size / grown))


def _images(source: Image, target: Image) -> dict[str, object]:
    return {
        "input": source.dims,
        "output": target.dims,
        "input_strides": source.strides,
        "output_strides": target.strides,
    }
