# SPDX-License-Identifier: Apache-2.0
"""Cases of the convolutions with the input's offset folded into their sums."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kernel_cases import folded
from kernel_cases.case_file import Case
from kernel_cases.choice import given_to
from kernel_cases.convolution import Window, convolution_case
from kernel_cases.draw import Draw

_MOST_PRODUCTS = 300_000
_MOST_ELEMENTS = 50_000


def conv2d_folded(draw: Draw) -> Case:
    """Windows of few elements and of hundreds, on images of one output pixel and of hundreds."""
    if draw.chance(0.15):
        return _first_layer(draw)
    window = _window(draw)
    taps = window.size[0] * window.size[1]
    channels = draw.choice(
        draw.integer(1, 9), 3, 4, 8, 16, folded.near(draw, 4, 8, 16, 32),
        max(folded.near(draw, 64, 64, 128, 16, 576) // taps, 1),
    )  # fmt: skip
    outputs = draw.choice(draw.integer(1, 9), 4, 8, folded.near(draw, 4, 8, 16, 32))
    return given_to(_convolution(draw, window, channels, outputs), "quantized_conv2d_folded")


def conv2d_1x1(draw: Draw) -> Case:
    """Any stride and numbers of channels; few output pixels and hundreds."""
    stride = draw.choice((1, 1), (1, 1), (1, 1), (2, 2), (3, 1), (1, 2))
    channels = draw.choice(
        draw.integer(1, 20), 8, 64, folded.near(draw, 4, 8, 16, 32, 64), folded.near(draw, 128, 520)
    )
    outputs = draw.choice(draw.integer(1, 9), 8, 16, folded.near(draw, 4, 8, 16, 32, 64))
    window = Window((1, 1), stride, (0, 0), (1, 1))
    return given_to(_convolution(draw, window, channels, outputs), "quantized_conv2d_1x1")


def depthwise_conv2d_folded(draw: Draw) -> Case:
    """Any window, with channels about the sizes of blocks."""
    return given_to(_depthwise(draw, _window(draw)), "quantized_depthwise_conv2d_folded")


def depthwise_conv2d_3x3(draw: Draw) -> Case:
    """Any stride and padding; half of the cases with channels in blocks of 16."""
    stride = draw.choice((1, 1), (1, 1), (2, 2), (2, 2), (1, 2), (2, 1), (3, 3), (1, 3))
    padding = draw.choice((1, 1), (1, 1), (0, 0), (0, 1), (2, 1), (1, 3), (3, 3), (4, 2))
    window = Window((3, 3), stride, padding, (1, 1))
    return given_to(_depthwise(draw, window, in_blocks=True), "quantized_depthwise_conv2d_3x3")


def _window(draw: Draw) -> Window:
    size = draw.choice(
        (3, 3), (3, 3), (2, 2), (1, 1), (1, 5), (4, 1), (5, 3), (5, 5), (10, 4),
        (draw.integer(1, 7), draw.integer(1, 7)),
    )  # fmt: skip
    stride = draw.choice((1, 1), (1, 1), (1, 1), (2, 2), (3, 3), (1, 2), (3, 1), (2, 3))
    dilation = draw.choice(*[(1, 1)] * 5, (2, 2), (1, 3), (2, 1), (3, 2))
    padding = draw.choice(
        (0, 0), (1, 1), (0, 2), (2, 0), *[tuple(k // 2 for k in size)] * 3,
        tuple((k - 1) * d for k, d in zip(size, dilation, strict=True)),
        tuple(k * d + 1 for k, d in zip(size, dilation, strict=True)),
    )  # fmt: skip
    return Window(size, stride, padding, dilation)


def _image(
    draw: Draw, window: Window, channels: int, outputs: int, taps: int
) -> tuple[int, int, int]:
    """Batch, height and width of an input: one row, one column, small, sometimes large.

    So small that a case stays quick: `taps` are the products of one output.
    """
    large = draw.chance(0.25)
    most = min(_MOST_PRODUCTS // (taps * outputs), 600 if large else 150)
    if large:
        growths = [draw.integer(0, 40), draw.integer(0, 40)]
    else:
        growths = [draw.choice(0, draw.integer(0, 5), draw.integer(0, 12)) for _ in range(2)]
    if draw.chance(0.2):
        growths[draw.integer(0, 1)] = 0
    batch = draw.choice(1, 1, 1, 2, 3)

    def fits() -> bool:
        source = [size + more for size, more in zip(window.least(), growths, strict=True)]
        steps = zip(source, window.padding, window.reach, window.stride, strict=True)
        target = [(size + 2 * p - r) // s + 1 for size, p, r, s in steps]
        pixels = batch * target[0] * target[1]
        elements = max(batch * source[0] * source[1] * channels, pixels * outputs)
        return pixels <= most and elements <= _MOST_ELEMENTS

    while not fits() and max(growths) > 0:
        longer = growths.index(max(growths))
        growths[longer] = growths[longer] * 2 // 3
    height, width = (size + more for size, more in zip(window.least(), growths, strict=True))
    return batch if fits() else 1, height, width


def _convolution(draw: Draw, window: Window, channels: int, outputs: int) -> Case:
    taps = window.size[0] * window.size[1] * channels
    image = _image(draw, window, channels, outputs, taps)
    channel_weights = folded.weights(draw, outputs, taps)
    weight = channel_weights.reshape(outputs, *window.size, channels)
    return _case(draw, "quantized_conv2d", window, (*image, channels), weight, channel_weights)


def _first_layer(draw: Draw) -> Case:
    """A depthwise convolution of one input channel, which is a convolution by another name."""
    window = _window(draw)
    taps = window.size[0] * window.size[1]
    outputs = draw.choice(draw.integer(1, 9), 8, 16, folded.near(draw, 32, 64))
    image = _image(draw, window, 1, outputs, taps)
    channel_weights = folded.weights(draw, outputs, taps)
    weight = np.ascontiguousarray(channel_weights.T).reshape(1, *window.size, outputs)
    case = _case(draw, "quantized_depthwise_conv2d", window, (*image, 1), weight, channel_weights)
    return given_to(case, "quantized_conv2d_folded")


def _depthwise(draw: Draw, window: Window, *, in_blocks: bool = False) -> Case:
    channels = draw.choice(
        draw.integer(1, 9), 4, 8, 16, folded.near(draw, 4, 8, 16, 24, 32, 64), draw.integer(1, 50)
    )
    if in_blocks and draw.chance(0.5):
        channels = draw.choice(16, 16, 32, 48, 64)
    taps = window.size[0] * window.size[1]
    image = _image(draw, window, channels, channels, taps)
    channel_weights = folded.weights(draw, channels, taps)
    weight = np.ascontiguousarray(channel_weights.T).reshape(1, *window.size, channels)
    shape = (*image, channels)
    return _case(draw, "quantized_depthwise_conv2d", window, shape, weight, channel_weights)


def _case(
    draw: Draw,
    operator: str,
    window: Window,
    shape: Sequence[int],
    weight: np.ndarray,
    channel_weights: np.ndarray,
) -> Case:
    """Args:
    channel_weights: the weights as [outputs][taps].
    """
    x = draw.int8(*shape)
    outputs, taps = channel_weights.shape
    bias = folded.biases(draw, np.abs(channel_weights.astype(np.int64)).sum(axis=1))
    requantization = folded.requantizations(draw, bias, taps, outputs)
    offsets = -draw.zero_point(), draw.zero_point()
    return convolution_case(
        operator, window, x, weight, bias, requantization, offsets, draw.activation()
    )
