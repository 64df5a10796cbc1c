# SPDX-License-Identifier: Apache-2.0
"""The DSP kernels' ways, against the kernels' loops played byte by byte."""

import random

import pytest
from cortex_m_plan.layout import Dims
from cortex_m_plan.ways import ways

IMAGES = ("conv2d_folded", "conv2d_1x1", "depthwise_conv2d_folded", "depthwise_conv2d_3x3")
FEW = 32
STRIPS = {1: 12, 2: 6}


def found(kernel, parameters):
    return ways("dsp", f"cortex_m_quantized_{kernel}", parameters)


def call(source, taps, channels, stride=1, pad=(0, 0), below=None, dilation=(1, 1)):
    """Parameters of a call; pad and below are rows and columns before and after the image."""
    source = Dims(*source)
    sizes = [
        extent + before + after - (tap - 1) * step - 1
        for extent, before, after, tap, step in zip(
            source[1:3], pad, below or pad, taps, dilation, strict=True
        )
    ]
    if min(sizes) < 0:
        return None
    return {
        "input": source,
        "filter": Dims(channels, *taps, source.c),
        "output": Dims(source.n, *(size // stride + 1 for size in sizes), channels),
        "stride_h": stride,
        "stride_w": stride,
        "pad_h": pad[0],
        "pad_w": pad[1],
        "dilation_h": dilation[0],
        "dilation_w": dilation[1],
    }


def random_call(rng, kernel):
    """Parameters of a call of a kernel over small images."""

    def two(*numbers):
        return rng.choice(numbers), rng.choice(numbers)

    made = None
    while made is None:
        size = (rng.choice((1, 1, 2)), rng.randint(1, 9), rng.choice((1, 2, 3, 5, 8, 13, 26)))
        inputs = rng.choice((2, 3, 4, 5, 8))
        outputs = rng.choice((1, 2, 3, 4, 5, 8)) if kernel.startswith("conv2d") else inputs
        if kernel == "conv2d_1x1":
            made = call((*size, rng.choice((1, 4, 7, 68))), (1, 1), outputs, rng.randint(1, 3))
        elif kernel == "depthwise_conv2d_3x3":
            stride, pad = rng.randint(1, 2), two(0, 1, 1, 2)
            made = call((*size, inputs), (3, 3), outputs, stride, pad, two(0, 1))
        else:
            around = two(0, 1, 2), two(0, 1, 2), two(1, 1, 2)
            made = call((*size, inputs), two(1, 2, 3), outputs, rng.randint(1, 3), *around)
    return made


def taps(at, count, stride, pad, dilation, extent):
    start = at * stride - pad
    return [row for row in range(start, start + count * dilation, dilation) if 0 <= row < extent]


def area(parameters, image, rows, columns, channels):
    """Input bytes of some rows and columns, of some channels."""
    source = parameters["input"]
    return [
        ((image * source.h + y) * source.w + x) * source.c + channel
        for y in rows
        for x in columns
        for channel in channels
    ]


def read(parameters, pixel, channels=None):
    """The input bytes that an output pixel reads, of all or of some channels."""
    source, target, window = (parameters[name] for name in ("input", "output", "filter"))
    line, x = divmod(pixel, target.w)
    image, y = divmod(line, target.h)
    vertical = (parameters[f"{name}_h"] for name in ("stride", "pad", "dilation"))
    horizontal = (parameters[f"{name}_w"] for name in ("stride", "pad", "dilation"))
    rows = taps(y, window.h, *vertical, source.h)
    columns = taps(x, window.w, *horizontal, source.w)
    return area(parameters, image, rows, columns, channels or range(source.c))


def count(parameters):
    return parameters["output"].n * parameters["output"].h * parameters["output"].w


def fours(outputs):
    return [range(at, min(at + 4, outputs)) for at in range(0, outputs, 4)]


def together(parameters, size, end):
    """Pixels up to `end` are read whole, some at once, then written."""
    channels = parameters["output"].c
    for at in range(0, end, size):
        pixels = range(at, min(at + size, end))
        reads = [byte for one in pixels for byte in read(parameters, one)]
        yield reads, range(at * channels, pixels.stop * channels)


def play_conv2d_folded(parameters, way):
    return together(parameters, 1 if way.tile == 1 else 2, count(parameters))


def play_conv2d_1x1(parameters, way):
    channels, pixels = parameters["output"].c, count(parameters)
    paired = pixels
    if way.tile == 1:
        paired = 0
    elif pixels < FEW:
        paired = pixels // 2 * 2
    yield from together(parameters, 2, paired)
    for pixel in range(paired, pixels):
        for block in fours(channels):
            yield read(parameters, pixel), [pixel * channels + one for one in block]


def play_depthwise_conv2d_folded(parameters, way):
    channels = parameters["output"].c
    for block in fours(channels):
        for pixel in range(count(parameters)):
            reads = read(parameters, pixel, block)
            yield reads, [pixel * channels + one for one in block]


def play_depthwise_conv2d_3x3(parameters, way):
    source, target, stride = parameters["input"], parameters["output"], parameters["stride_w"]
    high = 2 // stride
    for first in range(0, target.c, 2):
        channels = range(first, first + 2)
        for image in range(target.n):
            for top in range(0, target.h, way.tile):
                bottom = min(top + way.tile, target.h)
                for x in range(0, target.w, STRIPS[stride]):
                    end = min(x + STRIPS[stride], target.w)
                    # Columns are computed in pairs.
                    last = x + (end - x + 1) // 2 * 2 - 1
                    start = x * stride - parameters["pad_w"]
                    stop = last * stride - parameters["pad_w"] + 3
                    columns = range(max(start, 0), min(stop, source.w))
                    y = top * stride - parameters["pad_h"]

                    def sorted_rows(y, columns=columns, image=image, channels=channels):
                        rows = [row for row in (y, y + 1) if 0 <= row < source.h]
                        return area(parameters, image, rows, columns, channels)

                    yield sorted_rows(y), []
                    for row in range(top, bottom, high):
                        y += 2
                        yield (
                            sorted_rows(y),
                            [
                                ((image * target.h + line) * target.w + at) * target.c + one
                                for line in range(row, min(row + high, bottom))
                                for at in range(x, end)
                                for one in channels
                            ],
                        )


def play_linear_folded(parameters, way):
    inputs, outputs = parameters["in_features"], parameters["out_features"]
    whole = outputs // 8 * 8
    blocks = [range(at, at + 8) for at in range(0, whole, 8)]
    blocks += [range(at, min(at + 4, outputs)) for at in range(whole, outputs, 4)]
    for row in range(parameters["rows"]):
        for block in blocks:
            reads = range(row * inputs, (row + 1) * inputs)
            yield reads, [row * outputs + one for one in block]


def conflicts(played):
    """`output byte - input byte` where the former is written before the latter is read last."""
    last, written = {}, []
    for moment, (reads, writes) in enumerate(played):
        last.update(dict.fromkeys(reads, moment))
        written += [(byte, moment) for byte in writes]
    return {o - i for o, at in written for i, read_at in last.items() if at < read_at}


def check(kernel, parameters, size):
    for way in found(kernel, parameters):
        for clause in way.clauses.get("input", ()):
            unsafe = conflicts(globals()[f"play_{kernel}"](parameters, way))
            worst = max((delta for delta in unsafe if delta % clause.multiple == 0), default=None)
            if worst is None:
                assert clause.distance <= -size, (way, parameters)
                continue
            assert not clause.permits(worst), (way, parameters)
            assert clause.permits(worst + clause.multiple), (way, parameters)


@pytest.mark.parametrize("kernel", IMAGES)
def test_the_distance_is_that_of_the_loops(kernel):
    rng = random.Random(kernel)
    for _ in range(40):
        parameters = random_call(rng, kernel)
        source = parameters["input"]
        check(kernel, parameters, source.n * source.h * source.w * source.c)


def test_the_distance_of_linear_is_that_of_the_loops():
    rng = random.Random(5)
    for _ in range(60):
        rows, inputs, outputs = rng.randint(1, 3), rng.randint(1, 20), rng.randint(1, 20)
        parameters = {"rows": rows, "in_features": inputs, "out_features": outputs}
        check("linear_folded", parameters, rows * inputs)


@pytest.mark.parametrize("kernel", IMAGES)
def test_every_way_is_faster_or_overlaps_further_or_takes_less(kernel):
    rng = random.Random(kernel)
    for _ in range(100):
        of = found(kernel, random_call(rng, kernel))
        assert len({way.tile for way in of}) == len(of)
        assert min(way.tile for way in of) >= 1
        for at, way in enumerate(of):
            for faster in of[:at]:
                further = way.clauses["input"][0].distance < faster.clauses["input"][0].distance
                assert further or way.scratch < faster.scratch


def test_a_window_at_the_peak_lies_as_it_is():
    parameters = call((1, 8, 8, 16), (3, 3), 8, pad=(1, 1))
    of = [(way.tile, way.scratch) for way in found("conv2d_folded", parameters)]
    assert of == [(2, 576), (1, 144)]


def test_small_windows_need_no_scratch():
    parameters = call((1, 49, 10, 1), (10, 4), 64, 2, (4, 1), (5, 1))
    of = [(way.tile, way.scratch) for way in found("conv2d_folded", parameters)]
    assert of == [(2, 200), (3, 0)]


def test_as_many_channels_out_as_in_can_be_computed_in_place():
    of = found("conv2d_1x1", call((1, 25, 5, 64), (1, 1), 64))
    assert [(way.tile, way.scratch, way.clauses["input"][0].distance) for way in of] == [
        (2, 256, 0),
        (3, 0, 0),
    ]


def test_a_pixel_alone_is_read_where_it_lies():
    (way,) = found("conv2d_1x1", call((1, 1, 1, 64), (1, 1), 10))
    assert (way.tile, way.scratch, way.clauses["input"][0].distance) == (1, 0, 8)


def test_strips_of_a_wide_image_are_made_in_bands():
    of = found("depthwise_conv2d_3x3", call((1, 48, 48, 16), (3, 3), 16, 2, (0, 0), (1, 1)))
    assert [way.tile for way in of] == [24, 4, 2, 1]
    assert [way.clauses["input"][0].multiple for way in of] == [16] * 4
    assert of[-1].clauses["input"][0].distance <= 0


def test_one_strip_needs_no_bands_and_reads_ahead():
    (way,) = found("depthwise_conv2d_3x3", call((1, 25, 5, 64), (3, 3), 64, pad=(1, 1)))
    (clause,) = way.clauses["input"]
    assert (way.tile, clause.distance, clause.multiple) == (25, -5 * 64, 64)


def test_an_odd_number_of_channels_has_to_lie_apart():
    (way,) = found("depthwise_conv2d_3x3", call((1, 5, 5, 5), (3, 3), 5, pad=(1, 1)))
    assert way.clauses == {}


def test_two_channels_may_lie_at_any_distance():
    (way,) = found("depthwise_conv2d_3x3", call((1, 5, 5, 2), (3, 3), 2, pad=(1, 1)))
    assert way.clauses["input"][0].multiple == 1
