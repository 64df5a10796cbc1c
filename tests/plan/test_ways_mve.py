# SPDX-License-Identifier: Apache-2.0
"""The MVE kernels' ways, against the kernels' loops played byte by byte."""

import random

import pytest
from cortex_m_plan.layout import Dims
from cortex_m_plan.ways import ways

PLANNED = 4464
"""Bytes of scratch that CMSIS-NN plans for a depthwise convolution."""


def found(kernel, parameters):
    return ways("mve", f"cortex_m_quantized_{kernel}", parameters)


def call(source, taps, target, stride=(1, 1), pad=(0, 0), dilation=(1, 1)):
    return {
        "input": Dims(*source),
        "filter": Dims(target[3], *taps, source[3]),
        "output": Dims(*target),
        "stride_h": stride[0],
        "stride_w": stride[1],
        "pad_h": pad[0],
        "pad_w": pad[1],
        "dilation_h": dilation[0],
        "dilation_w": dilation[1],
    }


def random_call(rng, kernel):
    """A call of a kernel over small images."""
    depthwise = kernel.startswith("depthwise")
    while True:
        height, width = rng.randint(1, 9), rng.randint(1, 9)
        inputs = rng.choice((4, 9, 16, 20, 40) if depthwise else (1, 2, 3, 5, 16, 20))
        outputs = inputs if depthwise else rng.choice((1, 3, 4, 5, 8, 13))
        taps, pad, dilation = (3, 3), (rng.randint(0, 2), rng.randint(0, 2)), (1, 1)
        below = (rng.randint(0, 2), rng.randint(0, 2))
        if kernel == "conv2d_1x1":
            taps, pad, below = (1, 1), (0, 0), (0, 0)
        elif kernel.endswith("folded"):
            taps = (rng.randint(1, 4), rng.randint(1, 4))
            dilation = rng.choice(((1, 1), (1, 1), (2, 1), (1, 2)))
        stride = rng.choice(((1, 1), (1, 1), (2, 2), (1, 2), (3, 1)))
        sizes = [
            extent + before + after - (tap - 1) * step - 1
            for extent, before, after, tap, step in zip(
                (height, width), pad, below, taps, dilation, strict=True
            )
        ]
        if min(sizes) >= 0:
            rows, columns = (size // step + 1 for size, step in zip(sizes, stride, strict=True))
            images = rng.choice((1, 1, 2))
            source, target = (images, height, width, inputs), (images, rows, columns, outputs)
            return call(source, taps, target, stride, pad, dilation)


def block(parameters, image, rows, columns, channels=None):
    """The input bytes of some rows and columns, as far as they exist."""
    source = parameters["input"]
    return [
        ((image * source.h + row) * source.w + column) * source.c + channel
        for row in rows
        if 0 <= row < source.h
        for column in columns
        if 0 <= column < source.w
        for channel in channels or range(source.c)
    ]


def window(parameters, y, x):
    """The rows and columns that an output pixel reads."""
    filter_ = parameters["filter"]
    top = y * parameters["stride_h"] - parameters["pad_h"]
    left = x * parameters["stride_w"] - parameters["pad_w"]
    rows = range(top, top + filter_.h * parameters["dilation_h"], parameters["dilation_h"])
    columns = range(left, left + filter_.w * parameters["dilation_w"], parameters["dilation_w"])
    return rows, columns


def read(parameters, pixel, channels=None):
    target = parameters["output"]
    line, x = divmod(pixel, target.w)
    image, y = divmod(line, target.h)
    return block(parameters, image, *window(parameters, y, x), channels)


def play_conv2d_folded(parameters, way):
    target, filter_ = parameters["output"], parameters["filter"]
    taps = filter_.h * filter_.w * filter_.c
    whole = -(-taps // 16) * 16
    for image in range(target.n):
        first = image * target.h * target.w
        pixels = range(first, first + target.h * target.w)
        if way.tile % 2:
            count = way.scratch // whole
            tiles = [pixels[at : at + count] for at in range(0, len(pixels), count)]
        else:
            row = filter_.w * filter_.c
            gathered = (way.scratch - (whole - taps)) // row
            rows = (gathered - filter_.h) // parameters["stride_h"] + 1
            rows = target.h if rows >= target.h else rows - rows % 2
            tiles = [
                [first + line * target.w + x for line in range(y, min(y + rows, target.h))]
                for y in range(0, target.h, rows)
                for x in range(target.w)
            ]
        for tile in tiles:
            yield (
                [byte for pixel in tile for byte in read(parameters, pixel)],
                [pixel * target.c + channel for pixel in tile for channel in range(target.c)],
            )


def play_conv2d_1x1(parameters, way):
    source, target = parameters["input"], parameters["output"]
    strides = parameters["stride_h"], parameters["stride_w"]
    length = target.w
    if strides == (1, 1) and (target.h, target.w) == (source.h, source.w):
        length = target.n * target.h * target.w
    most, gathered = divmod(way.tile, 2)
    quads = [range(at, min(at + 4, target.c)) for at in range(0, target.c, 4)]
    end = source.n * source.h * source.w * source.c
    for row in range(0, target.n * target.h * target.w, length):
        for start in range(row, row + length, most):
            run = range(start, min(start + most, row + length))
            if gathered:
                yield (
                    [byte for pixel in run for byte in read(parameters, pixel)],
                    range(run.start * target.c, run.stop * target.c),
                )
                continue
            whole = -(-source.c // 16) * 16
            padded = [pixel for pixel in run if min(read(parameters, pixel)) + whole <= end]
            paired = len(padded) // 2 * 2
            for quad in quads:
                for pixel in run[:paired:2]:
                    both = (pixel, pixel + 1)
                    yield (
                        [byte for one in both for byte in read(parameters, one)],
                        [one * target.c + channel for one in both for channel in quad],
                    )
            for pixel in run[paired:]:
                for quad in quads:
                    yield read(parameters, pixel), [pixel * target.c + one for one in quad]


def play_depthwise_conv2d_folded(parameters, way):
    target = parameters["output"]
    for pixel in range(target.n * target.h * target.w):
        for start in range(0, target.c, 8):
            channels = range(start, min(start + 8, target.c))
            yield (
                read(parameters, pixel, channels),
                [pixel * target.c + channel for channel in channels],
            )


def play_depthwise_conv2d_3x3(parameters, way):
    target, stride = parameters["output"], parameters["stride_w"]
    scratch, width = way.tile >> 16, way.tile & 0xFFFF
    high = 2 if (parameters["stride_h"], stride) == (1, 1) else 1
    columns_read = (-(-width // 4) * 4 - 1) * stride + 4
    if high == 2:
        columns_read = -(-width // 2) * 2 + 2
    most = (scratch - 60) // (32 + 4 * columns_read)
    most = target.c if most >= target.c else most - most % (16 if most >= 16 else 4)
    for start in range(0, target.c, most):
        channels = range(start, min(start + most, target.c))
        for image in range(target.n):
            for y in range(0, target.h, high):
                for x in range(0, target.w, width):
                    xs = range(x, min(x + width, target.w))
                    top, left = (edge.start for edge in window(parameters, y, x))
                    kept = 2 if high == 2 and width >= target.w and y else 0
                    yield (
                        block(
                            parameters,
                            image,
                            range(top + kept, top + 4),
                            range(left, left + (len(xs) - 1) * stride + 3),
                            channels,
                        ),
                        [
                            ((image * target.h + line) * target.w + at) * target.c + channel
                            for line in range(y, min(y + high, target.h))
                            for at in xs
                            for channel in channels
                        ],
                    )


def play_linear_folded(parameters, way):
    inputs, outputs = parameters["in_features"], parameters["out_features"]
    for row in range(parameters["rows"]):
        left = outputs
        while left > 0:
            size = min(left, 8 if left > 4 else 4)
            start = row * outputs + outputs - left
            yield range(row * inputs, (row + 1) * inputs), range(start, start + size)
            left -= size


KERNELS = ("conv2d_folded", "conv2d_1x1", "depthwise_conv2d_folded", "depthwise_conv2d_3x3")


def conflicts(played):
    """`output byte - input byte` of every byte that is written before another one is read last."""
    last = {}
    written = {}
    for moment, (reads, writes) in enumerate(played):
        last.update(dict.fromkeys(reads, moment))
        written.update(dict.fromkeys(writes, moment))
    return {o - i for o, at in written.items() for i, read_at in last.items() if at < read_at}


@pytest.mark.parametrize("kernel", KERNELS)
def test_the_distance_is_that_of_the_loops(kernel):
    rng = random.Random(kernel)
    for _ in range(12):
        parameters = random_call(rng, kernel)
        source = parameters["input"]
        check(kernel, parameters, source.n * source.h * source.w * source.c)


def test_the_distance_of_linear_is_that_of_the_loops():
    rng = random.Random(7)
    for _ in range(60):
        rows, inputs, outputs = rng.randint(1, 3), rng.randint(1, 20), rng.randint(1, 30)
        parameters = {"rows": rows, "in_features": inputs, "out_features": outputs}
        check("linear_folded", parameters, rows * inputs)


def check(kernel, parameters, size):
    """The clauses of all ways of a call; `size` is the input's."""
    for way in found(kernel, parameters):
        unsafe = conflicts(globals()[f"play_{kernel}"](parameters, way))
        for clause in way.clauses["input"]:
            of = [delta for delta in unsafe if delta % clause.multiple == 0]
            if not of:
                assert clause.distance <= -size, (way, parameters)
                continue
            assert not clause.permits(max(of)), (way, parameters)
            assert clause.permits(max(of) + clause.multiple), (way, parameters)


@pytest.mark.parametrize("kernel", KERNELS)
def test_every_way_has_its_number(kernel):
    rng = random.Random(kernel)
    for _ in range(200):
        of = found(kernel, random_call(rng, kernel))
        assert of
        assert len({way.tile for way in of}) == len(of)
        assert min(way.tile for way in of) >= 1


def test_scratch_of_a_convolution_is_at_most_four_windows():
    parameters = call((1, 32, 32, 16), (3, 3), (1, 32, 32, 16), pad=(1, 1))
    of = [(way.text, way.scratch) for way in found("conv2d_folded", parameters)]
    assert of == [
        ("10 x 1 pixels x 4 channels", 576),
        ("4 x 1 pixels x 4 channels", 288),
        ("2 x 1 pixels x 4 channels", 192),
        ("1 x 4 pixels x 4 channels", 576),
        ("1 x 2 pixels x 4 channels", 288),
    ]


def test_as_many_channels_out_as_in_can_be_computed_in_place():
    parameters = call((1, 25, 5, 64), (1, 1), (1, 25, 5, 64))
    of = [
        (way.scratch, way.clauses["input"][0].distance) for way in found("conv2d_1x1", parameters)
    ]
    assert of == [(0, 7932), (0, 1020), (1024, 0), (0, 508), (512, 0)]


def test_rows_that_two_windows_share_are_kept():
    parameters = call((1, 25, 5, 64), (3, 3), (1, 25, 5, 64), pad=(1, 1))
    of = [
        (way.scratch, *way.clauses["input"][0]) for way in found("depthwise_conv2d_3x3", parameters)
    ]
    assert of == [(4160, -320, 1), (1088, -320, 64), (576, -320, 64)]


@pytest.mark.parametrize("width", [1, 12, 66, 112, 224, 1000])
@pytest.mark.parametrize("channels", [1, 7, 8, 16, 100])
@pytest.mark.parametrize("stride", [1, 2, 16])
def test_a_row_of_any_length_fits_what_is_planned(width, channels, stride):
    source = (1, 9, width * stride, channels)
    parameters = call(source, (3, 3), (1, 9, width, channels), (1, stride), (1, 1))
    of = found("depthwise_conv2d_3x3", parameters)
    assert 1 <= len(of) <= 12
    assert max(way.scratch for way in of) <= PLANNED
