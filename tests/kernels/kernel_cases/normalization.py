# SPDX-License-Identifier: Apache-2.0
"""Cases of layer_norm_f32 and batch_norm_f32."""

from __future__ import annotations

import numpy as np
import torch

from kernel_cases.case_file import Case
from kernel_cases.draw import Draw
from kernel_cases.tolerance import ulps


def layer_norm(draw: Draw) -> Case:
    """Layers and groups; the outputs are result, mean and rstd."""
    epsilon = float(np.float32(draw.choice(1e-5, 1e-3, 0.1)))
    if draw.chance(0.5):
        groups, size = draw.integer(1, 5), draw.choice(1, 2, 16, draw.integer(2, 70))
        channels, repeats = size, 1
        x = _values(draw, groups, size)
    else:
        n, groups, per_group = draw.integer(1, 2), draw.integer(1, 3), draw.integer(1, 3)
        channels, repeats = groups * per_group, draw.integer(1, 9)
        x = _values(draw, n, channels, repeats)
        size = per_group * repeats
    weight = draw.normal(1.0, channels) if draw.chance(0.7) else None
    bias = draw.normal(1.0, channels) if draw.chance(0.7) else None
    w, b = (None if t is None else torch.from_numpy(t) for t in (weight, bias))
    if x.ndim == 2:
        results = torch.native_layer_norm(torch.from_numpy(x), [size], w, b, epsilon)
    else:
        results = torch.native_group_norm(
            torch.from_numpy(x), w, b, n, channels, repeats, groups, epsilon
        )
        groups *= n
    result, mean, rstd = (t.numpy().reshape(-1) for t in results)
    sets = x.reshape(groups, size).astype(np.float64)
    count = 4 + size / 16
    factor = 1 / np.sqrt(sets.var(1) + epsilon)
    scaled = (np.abs(sets) + np.abs(sets).mean(1)[:, None]) * factor[:, None]
    places = np.arange(x.size) // repeats % channels
    scaled = scaled.reshape(-1) * (1 if weight is None else np.abs(weight[places]))
    if bias is not None:
        scaled = scaled + np.abs(bias[places])
    # A variance that is small beside the mean is known to fewer places.
    lost = 1 + (sets**2).mean(1) / (sets.var(1) + epsilon) / 16
    allowed = (
        ulps(1, scaled) * count * np.repeat(lost, size),
        ulps(count, np.abs(sets).mean(1)),
        ulps(1, factor) * count * lost,
    )
    params = {
        "groups": groups,
        "size": size,
        "channels": channels,
        "repeats": repeats,
        "epsilon": epsilon,
    }
    return Case(
        "layer_norm_f32", f"{params}", params, [x, weight, bias],
        np.concatenate([result, mean, rstd]),
        tolerance=np.concatenate(allowed).astype(np.float32),
    )  # fmt: skip


def _values(draw: Draw, *shape: int) -> np.ndarray:
    x = draw.normal(draw.choice(1.0, 10.0), *shape)
    return (x + np.float32(draw.choice(0.0, 0.0, 3.0))).astype(np.float32)


def batch_norm(draw: Draw) -> Case:
    outer, channels = draw.integer(1, 6), draw.integer(1, 9)
    inner = draw.choice(1, draw.integer(1, 12))
    x = _values(draw, outer, channels, inner)
    epsilon = float(np.float32(draw.choice(1e-5, 1e-3)))
    weight = draw.normal(1.0, channels) if draw.chance(0.7) else None
    bias = draw.normal(1.0, channels) if draw.chance(0.7) else None
    mean, variance = draw.normal(1.0, channels), draw.normal(1.0, channels) ** 2
    optional = [None if t is None else torch.from_numpy(t) for t in (weight, bias)]
    expected = torch.ops.aten._native_batch_norm_legit_no_training(
        torch.from_numpy(x), *optional, torch.from_numpy(mean), torch.from_numpy(variance),
        0.1, epsilon,
    )[0].numpy()  # fmt: skip
    factor = np.abs((1.0 if weight is None else weight) / np.sqrt(variance + epsilon))[:, None]
    magnitude = (np.abs(x) + np.abs(mean[:, None])) * factor
    if bias is not None:
        magnitude = magnitude + np.abs(bias[:, None])
    params = {"outer": outer, "channels": channels, "inner": inner, "epsilon": epsilon}
    return Case(
        "batch_norm_f32", f"{params}", params, [x, weight, bias, mean, variance], expected,
        tolerance=ulps(3, magnitude),
    )  # fmt: skip
