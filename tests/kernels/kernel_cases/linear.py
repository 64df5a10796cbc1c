# SPDX-License-Identifier: Apache-2.0
"""Cases of quantized_linear and quantized_linear_folded."""

from __future__ import annotations

import numpy as np
import torch

from kernel_cases import folded
from kernel_cases.case_file import Case
from kernel_cases.choice import given_to
from kernel_cases.draw import INT32_MAX, INT32_MIN, Draw


def linear(draw: Draw) -> Case:
    """Both forms, with and without bias, filter offset and more than one row."""
    if draw.chance(0.2):
        return _requantization(draw)
    in_features = draw.choice(1, 2, 3, 4, 15, 16, 17, draw.integer(1, 64), draw.integer(65, 300))
    out_features = draw.choice(1, 2, 3, 10, draw.integer(1, 24))
    leading = draw.choice((1,), (1,), (3,), (2, 3), ())
    x = draw.int8(*leading, in_features)
    weight = draw.int8(out_features, in_features)
    input_offset = -draw.zero_point()
    filter_offset = 0 if draw.chance(0.7) else -draw.zero_point()
    output_offset = draw.zero_point()
    low, high = draw.activation()
    deviation = 5500.0 * in_features**0.5
    multiplier, shift = draw.requantization(deviation)
    bias = draw.bias(deviation, out_features) if draw.chance(0.7) else None
    kernel_sum = None
    if draw.chance(0.5):
        sums = (weight.astype(np.int64) + filter_offset).sum(axis=1) * input_offset
        kernel_sum = (sums + (0 if bias is None else bias)).astype(np.int32)
        bias = None
    return linear_case(
        x, weight, bias, kernel_sum,
        (input_offset, filter_offset, output_offset), (multiplier, shift), (low, high),
    )  # fmt: skip


def _requantization(draw: Draw) -> Case:
    """Sums that are the bias alone, so that requantization meets any of them, and many ties."""
    count = 64
    multiplier, shift = draw.any_requantization()
    if draw.chance(0.3):
        multiplier = draw.choice(-(2**30), 2**30, 2**30, INT32_MIN, INT32_MAX)
        shift = -draw.integer(0, 33)
    bias = draw.choice(
        draw.bias(1.0, count),
        draw.int32(300, count),
        draw.int32(INT32_MAX, count),
        (draw.int32(300, count).astype(np.int64) << min(max(-shift, 0), 22)).astype(np.int32),
        np.full(count, INT32_MIN, dtype=np.int32),
    )
    x = np.zeros((1, 1), dtype=np.int8)
    weight = draw.int8(count, 1)
    if draw.chance(0.3):
        return linear_case(x, weight, None, bias, (0, 0, 0), (multiplier, shift), (-128, 127))
    return linear_case(x, weight, bias, None, (0, 0, 0), (multiplier, shift), (-128, 127))


def linear_case(
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray | None,
    kernel_sum: np.ndarray | None,
    offsets: tuple[int, int, int],
    requantization: tuple[int, int],
    activation: tuple[int, int],
) -> Case:
    """A call of quantized_linear.

    Args:
        x: [...][in_features].
        weight: [out_features][in_features].
        offsets: of input, filter and output.
        requantization: multiplier and shift.
    """
    input_offset, filter_offset, output_offset = offsets
    multiplier, shift = requantization
    low, high = activation
    expected = torch.ops.cortex_m.quantized_linear(
        torch.from_numpy(x),
        torch.from_numpy(weight),
        None if bias is None else torch.from_numpy(bias),
        None if kernel_sum is None else torch.from_numpy(kernel_sum).reshape(1, -1),
        input_offset,
        filter_offset,
        output_offset,
        [multiplier],
        [shift],
        high,
        low,
    ).numpy()
    params = {
        "rows": int(np.prod(x.shape[:-1], dtype=np.int64)),
        "in_features": x.shape[-1],
        "out_features": weight.shape[0],
        "input_offset": input_offset,
        "filter_offset": filter_offset,
        "output_offset": output_offset,
        "multiplier": multiplier,
        "shift": shift,
        "activation_min": low,
        "activation_max": high,
    }
    form = "kernel_sum" if kernel_sum is not None else "no bias" if bias is None else "bias"
    description = f"in {x.shape} out {weight.shape[0]} {form} multiplier {multiplier} shift {shift}"
    return Case("quantized_linear", description, params, [x, weight, bias, kernel_sum], expected)


def linear_folded(draw: Draw) -> Case:
    """Layers of few inputs and of hundreds, with the sums in the program or not."""
    inputs = draw.choice(
        draw.integer(1, 20), folded.near(draw, 4, 8, 16, 32, 64, 128), draw.integer(1, 300),
        folded.near(draw, 256, 520, 576, 640),
    )  # fmt: skip
    outputs = draw.choice(draw.integer(1, 9), 10, folded.near(draw, 4, 8, 16, 32))
    weight = folded.weights(draw, outputs, inputs)
    sums = folded.biases(draw, np.abs(weight.astype(np.int64)).sum(axis=1), largest=128)
    input_offset = -draw.zero_point()
    bias = kernel_sum = None
    if draw.chance(0.5):
        kernel_sum = np.zeros(outputs, dtype=np.int32) if sums is None else sums
    elif sums is not None:
        bias = (sums - input_offset * weight.astype(np.int64).sum(axis=1)).astype(np.int32)
    (requantization,) = folded.requantizations(draw, sums, inputs, 1)
    x = draw.int8(*draw.choice((1,), (1,), (3,), (2, 3), (), (draw.integer(1, 9),)), inputs)
    offsets = input_offset, 0, draw.zero_point()
    case = linear_case(x, weight, bias, kernel_sum, offsets, requantization, draw.activation())
    return given_to(case, "quantized_linear_folded")
