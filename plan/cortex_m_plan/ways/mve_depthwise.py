# SPDX-License-Identifier: Apache-2.0
"""Ways of the depthwise convolutions in kernels/src/mve."""

from collections.abc import Iterator, Mapping

from cortex_m_plan.step import Field
from cortex_m_plan.ways.way import Clause, Way
from cortex_m_plan.ways.windows import NOTHING, clause, first_inside, lowest

_PLANNED = 4464
"""By CMSIS-NN."""
_TABLE = 32
"""Bytes of a channel, beside those of its columns."""
_BEYOND = 60
"""Bytes that are written behind the last column."""
_VECTOR = 16
_MOST_STRIDE = 16
_MOST_CHANNELS = 16384
_WITHOUT_SCRATCH = 1
_LEAST_CHANNELS = 8
_SHORT = 12
"""Columns up to which parts of a row are not worth the time."""


def folded(parameters: Mapping[str, Field]) -> tuple[Way, ...]:
    """Pixel by pixel."""
    return (Way(_WITHOUT_SCRATCH, "1 pixel x 8 channels", 0, _pixel_by_pixel(parameters)),)


def three(parameters: Mapping[str, Field]) -> tuple[Way, ...]:
    """All channels or 16 or 8 of whole rows; of parts of the rows where they are long."""
    output = parameters["output"]
    if parameters["stride_w"] > _MOST_STRIDE or output.c > _MOST_CHANNELS:
        return folded(parameters)
    return tuple(_way(parameters, *part) for part in _parts(parameters))


def _way(parameters: Mapping[str, Field], channels: int, columns: int) -> Way:
    scratch = _bytes(parameters, channels, columns)
    text = f"{_rows(parameters)} x {columns} pixels x {channels} channels"
    clauses = {"input": (_clause(parameters, channels, columns),)}
    return Way(scratch << 16 | columns, text, scratch, clauses)


def _parts(parameters: Mapping[str, Field]) -> Iterator[tuple[int, int]]:
    """Channels and columns, from most scratch to least."""
    output = parameters["output"]
    columns = output.w
    most = _most_channels(parameters, columns)
    while most < min(_LEAST_CHANNELS, output.c):
        columns = _half(columns)
        most = _most_channels(parameters, columns)
    for channels in dict.fromkeys((most, 16, _LEAST_CHANNELS)):
        if channels <= most:
            yield channels, columns
    least = min(most, _LEAST_CHANNELS)
    while columns > _SHORT:
        columns = _half(columns)
        yield least, columns


def _half(columns: int) -> int:
    return -(-columns // 8) * 4


def _most_channels(parameters: Mapping[str, Field], columns: int) -> int:
    """As channels_of() of the kernel, with what CMSIS-NN plans."""
    channels = parameters["output"].c
    each = _TABLE + 4 * _columns_read(parameters, columns)
    most = (_PLANNED - _BEYOND) // each
    if most >= channels:
        return channels
    return most // 16 * 16 if most >= 16 else most // 4 * 4


def _rows(parameters: Mapping[str, Field]) -> int:
    """Rows of the output that are written at once."""
    output = parameters["output"]
    strides = (parameters["stride_h"], parameters["stride_w"])
    return 2 if strides == (1, 1) and (output.w + 4) * output.c < 65536 else 1


def _columns_read(parameters: Mapping[str, Field], columns: int) -> int:
    """Of the input, with those of no effect."""
    if _rows(parameters) == 2:
        return -(-columns // 2) * 2 + 2
    return (-(-columns // 4) * 4 - 1) * parameters["stride_w"] + 4


def _bytes(parameters: Mapping[str, Field], channels: int, columns: int) -> int:
    read = _columns_read(parameters, columns)
    return -(-(_BEYOND + channels * (_TABLE + 4 * read)) // _VECTOR) * _VECTOR


def _clause(parameters: Mapping[str, Field], channels: int, columns: int) -> Clause:
    """Rows from top to bottom, parts of their columns from left to right, each gathered.

    Where not all channels are computed before the next row, the distance is one of whole pixels: a
    channel then meets nothing but itself.
    """
    source, output = parameters["input"], parameters["output"]
    stride_h, stride_w = parameters["stride_h"], parameters["stride_w"]
    high = _rows(parameters)
    # Of two whole rows what the next ones read again is kept.
    kept = high == 2 and columns >= output.w
    starts = range(0, output.w, columns)
    firsts = []
    least = NOTHING
    for x in reversed(starts):
        read = (min(columns, output.w - x) - 1) * stride_w + 3
        first = first_inside(x * stride_w - parameters["pad_w"], read, 1, 0, 1, source.w)
        least = least if first is None else min(first, least)
        firsts.append(least)
    firsts.reverse()
    ends = [min(x + columns, output.w) for x in starts]
    distances = []
    after = NOTHING
    for image in reversed(range(output.n)):
        for y in reversed(range(0, output.h, high)):
            # Four rows are read, or two behind those that are kept, and the columns of all windows.
            skipped = 2 if kept and y else 0
            top = y * stride_h - parameters["pad_h"] + skipped
            row = first_inside(top, 4 - skipped, 1, 0, 1, source.h)
            line = NOTHING if row is None else (image * source.h + row) * source.w
            written = (image * output.h + min(y + high, output.h) - 1) * output.w
            for end, first in zip(ends, (*firsts[1:], NOTHING), strict=True):
                low = min(line + first, after)
                if low < NOTHING:
                    distances.append((written + end - low) * output.c)
            after = min(after, line + firsts[0])
    return clause(parameters, distances, 1 if channels == output.c else output.c)


def _pixel_by_pixel(parameters: Mapping[str, Field]) -> Mapping[str, tuple[Clause, ...]]:
    """Eight channels of a pixel, then the next ones."""
    low = lowest(parameters)
    channels = parameters["output"].c
    distances = [
        (pixel - first) * channels
        for pixel, first in enumerate(low)
        if first != NOTHING and (pixel or channels > 8)
    ]
    return {"input": (clause(parameters, distances),)}
