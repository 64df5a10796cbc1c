# SPDX-License-Identifier: Apache-2.0
"""The scalar kernels' ways, against the kernels' loops played byte by byte."""

import random
from itertools import pairwise

import pytest
from cortex_m_plan.layout import Dims
from cortex_m_plan.ways import ways

FAR = "cortex_m_quantized_"
RUN = 25


def found(kernel, parameters):
    return ways("scalar", FAR + kernel, parameters)


def window(source, filter_, target, stride=(1, 1), pad=(0, 0), dilation=(1, 1)):
    return {
        "input": Dims(*source),
        "filter": Dims(*filter_),
        "output": Dims(*target),
        "stride_h": stride[0],
        "stride_w": stride[1],
        "pad_h": pad[0],
        "pad_w": pad[1],
        "dilation_h": dilation[0],
        "dilation_w": dilation[1],
    }


def random_window(rng, kernel):
    """Parameters of a call of a kernel over small images."""
    while True:
        source = Dims(rng.choice((1, 1, 2)), rng.randint(1, 8), rng.randint(1, 8), 1)
        if rng.random() < 0.2:
            source = source._replace(h=rng.randint(26, 30), w=rng.randint(1, 3))
        elif rng.random() < 0.2:
            source = source._replace(h=rng.randint(1, 3), w=rng.randint(26, 30))
        source = source._replace(c=rng.choice((1, 2, 3, 4, 5, 8, 9)))
        channels, taps, pad = source.c, (3, 3), (rng.randint(0, 2), rng.randint(0, 2))
        dilation = (1, 1)
        if kernel.startswith("conv2d"):
            channels = rng.choice((1, 2, 3, 4, 5, 8))
        if kernel == "conv2d_1x1":
            taps, pad = (1, 1), (0, 0)
            source = source._replace(c=rng.choice((2, 3, 40, 70)))
        elif kernel.endswith("folded"):
            taps = (rng.randint(1, 4), rng.randint(1, 4))
            dilation = (rng.randint(1, 2), rng.randint(1, 2))
        stride = (rng.randint(1, 3), rng.randint(1, 3))
        below = (0, 0) if kernel == "conv2d_1x1" else (rng.randint(0, 2), rng.randint(0, 2))
        sizes = [
            extent + before + after - (tap - 1) * step - 1
            for extent, before, after, tap, step in zip(
                source[1:3], pad, below, taps, dilation, strict=True
            )
        ]
        if min(sizes) >= 0:
            height, width = (size // step + 1 for size, step in zip(sizes, stride, strict=True))
            target = Dims(source.n, height, width, channels)
            return window(source, (channels, *taps, source.c), target, stride, pad, dilation)


def read(parameters, pixel, channels=None):
    """The input bytes that an output pixel reads, or those of some channels."""
    source, target, filter_ = (parameters[name] for name in ("input", "output", "filter"))
    line, x = divmod(pixel, target.w)
    image, y = divmod(line, target.h)
    for tap_y in range(filter_.h):
        row = y * parameters["stride_h"] - parameters["pad_h"] + tap_y * parameters["dilation_h"]
        for tap_x in range(filter_.w):
            column = (
                x * parameters["stride_w"] - parameters["pad_w"] + tap_x * parameters["dilation_w"]
            )
            if 0 <= row < source.h and 0 <= column < source.w:
                start = ((image * source.h + row) * source.w + column) * source.c
                yield from (start + one for one in channels or range(source.c))


def count(parameters):
    return parameters["output"].n * parameters["output"].h * parameters["output"].w


def blocks(channels):
    """Outputs of a pixel that are computed together: fours, then single ones."""
    whole = channels // 4 * 4
    return [range(at, at + 4) for at in range(0, whole, 4)] + [
        range(at, at + 1) for at in range(whole, channels)
    ]


def gathered(parameters, together):
    """Pixels are read whole, then written."""
    channels = parameters["output"].c
    at = 0
    for size in (4, 2, 1):
        while size <= together and at + size <= count(parameters):
            pixels = range(at, at + size)
            yield (
                [byte for one in pixels for byte in read(parameters, one)],
                range(at * channels, (at + size) * channels),
            )
            at += size


def play_conv2d_folded(parameters, way):
    return gathered(parameters, way.tile)


def play_conv2d_1x1(parameters, way):
    inputs = parameters["input"].c
    if way.tile == 1 and inputs <= 64:
        yield from gathered(parameters, 4 if inputs <= 32 else 2)
    elif way.tile == 1:
        channels = parameters["output"].c
        for pixel in range(count(parameters)):
            for block in blocks(channels):
                yield list(read(parameters, pixel)), [pixel * channels + one for one in block]
    else:
        yield from gathered(parameters, way.tile)


def play_depthwise_conv2d_folded(parameters, way):
    channels = parameters["output"].c
    for pixel in range(count(parameters)):
        for block in blocks(channels):
            yield (
                list(read(parameters, pixel, block)),
                [pixel * channels + one for one in block],
            )


def play_depthwise_conv2d_3x3(parameters, way):
    target = parameters["output"]
    image = target.h * target.w
    along_columns = way.tile != 1 and target.h > target.w
    stride = parameters["stride_h" if along_columns else "stride_w"]
    most = RUN if stride <= 2 else 1
    lines = [range(at, at + target.w) for at in range(0, image, target.w)]
    if along_columns:
        lines = [range(at, image, target.w) for at in range(target.w)]
    runs = [line[at : at + most] for line in lines for at in range(0, len(line), most)]
    for begin in range(0, target.n * image, image):
        if way.tile == 3:
            source = parameters["input"]
            size = source.h * source.w * source.c
            start = begin // image * size
            for channel in range(target.c):
                yield range(start + channel, start + size, source.c), []
                yield [], [(begin + at) * target.c + channel for at in range(image)]
            continue
        for run in runs:
            for channel in range(target.c):
                pixels = [begin + at for at in run]
                yield (
                    [byte for at in pixels for byte in read(parameters, at, [channel])],
                    [at * target.c + channel for at in pixels],
                )


def play_linear_folded(parameters, way):
    inputs, outputs = parameters["in_features"], parameters["out_features"]
    for row in range(parameters["rows"]):
        for block in blocks(outputs):
            yield (
                range(row * inputs, (row + 1) * inputs),
                [row * outputs + one for one in block],
            )


def conflicts(played):
    """`output byte - input byte` of every byte that is written before another one is read last."""
    last = {}
    written = []
    for moment, (reads, writes) in enumerate(played):
        last.update(dict.fromkeys(reads, moment))
        written += [(byte, moment) for byte in writes]
    return {o - i for o, at in written for i, read_at in last.items() if at < read_at}


def check(kernel, parameters):
    source = parameters.get("input") or Dims(parameters["rows"], 1, 1, parameters["in_features"])
    for way in found(kernel, parameters):
        unsafe = conflicts(globals()[f"play_{kernel}"](parameters, way))
        for clause in way.clauses["input"]:
            of = [delta for delta in unsafe if delta % clause.multiple == 0]
            size = source.n * source.h * source.w * source.c
            if not of:
                assert clause.distance <= -size, (way, parameters)
                continue
            worst = max(of)
            assert not clause.permits(worst), (way, parameters)
            assert clause.permits(worst + clause.multiple), (way, parameters)


@pytest.mark.parametrize(
    "kernel",
    ["conv2d_folded", "conv2d_1x1", "depthwise_conv2d_folded", "depthwise_conv2d_3x3"],
)
def test_the_distance_is_that_of_the_loops(kernel):
    rng = random.Random(kernel)
    for _ in range(40):
        check(kernel, random_window(rng, kernel))


def test_the_distance_of_linear_is_that_of_the_loops():
    rng = random.Random(5)
    for _ in range(60):
        rows, inputs, outputs = rng.randint(1, 3), rng.randint(1, 20), rng.randint(1, 20)
        check("linear_folded", {"rows": rows, "in_features": inputs, "out_features": outputs})


@pytest.mark.parametrize("kernel", ["add_dense", "mul_dense"])
def test_either_operand_of_a_dense_kernel_may_lie_under_the_output(kernel):
    (way,) = found(kernel, {})
    assert [way.clauses[role][0].distance for role in ("self", "other")] == [0, 0]


def test_scratch_of_a_convolution_follows_from_taps_and_pixels():
    parameters = window((1, 8, 8, 16), (8, 3, 3, 16), (1, 8, 8, 8), pad=(1, 1))
    of = [(way.tile, way.scratch) for way in found("conv2d_folded", parameters)]
    assert of == [(4, 1152), (2, 576), (1, 144)]


def test_few_taps_of_one_pixel_lie_on_the_stack():
    parameters = window((1, 8, 8, 3), (8, 3, 3, 3), (1, 8, 8, 8), pad=(1, 1))
    assert found("conv2d_folded", parameters)[-1].scratch == 0


def test_a_call_of_one_pixel_has_nothing_to_compute_together():
    parameters = window((1, 1, 1, 64), (8, 1, 1, 64), (1, 1, 1, 8))
    assert [way.tile for way in found("conv2d_1x1", parameters)] == [1]


def test_as_many_channels_out_as_in_can_be_computed_in_place():
    parameters = window((1, 25, 5, 64), (64, 1, 1, 64), (1, 25, 5, 64))
    assert {way.clauses["input"][0].distance for way in found("conv2d_1x1", parameters)} == {0}


def test_a_tall_image_is_walked_along_columns_or_channel_after_channel():
    parameters = window((1, 25, 5, 64), (1, 3, 3, 64), (1, 25, 5, 64), pad=(1, 1))
    columns, planes, rows = found("depthwise_conv2d_3x3", parameters)
    assert (columns.tile, columns.scratch) == (2, 0)
    assert (planes.tile, planes.scratch) == (3, 128)
    assert planes.clauses["input"][0].permits(0)
    assert not planes.clauses["input"][0].permits(32)
    assert (rows.tile, rows.scratch) == (1, 0)


def test_a_large_image_is_not_copied_for_less_than_its_rows():
    parameters = window((1, 48, 48, 8), (1, 3, 3, 8), (1, 48, 48, 8), pad=(1, 1))
    assert [way.tile for way in found("depthwise_conv2d_3x3", parameters)] == [1]


@pytest.mark.parametrize(
    "kernel",
    ["conv2d_folded", "conv2d_1x1", "depthwise_conv2d_folded", "depthwise_conv2d_3x3"],
)
def test_every_way_has_its_number_and_takes_less_than_a_faster_one(kernel):
    rng = random.Random(kernel)
    for _ in range(100):
        parameters = random_window(rng, kernel)
        of = found(kernel, parameters)
        assert of
        assert len({way.tile for way in of}) == len(of)
        assert min(way.tile for way in of) >= 1
        if kernel.startswith("conv2d"):
            assert all(one.scratch > other.scratch for one, other in pairwise(of)), parameters
