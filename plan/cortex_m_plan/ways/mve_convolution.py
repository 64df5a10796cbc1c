# SPDX-License-Identifier: Apache-2.0
"""Ways of quantized_conv2d_folded.c and quantized_conv2d_1x1.c in kernels/src/mve."""

from collections.abc import Iterator, Mapping, Sequence

from cortex_m_plan.step import Field
from cortex_m_plan.ways.way import Clause, Way
from cortex_m_plan.ways.windows import NOTHING, clause, first_inside, gathered, lowest

_VECTOR = 16
_TOGETHER = 4
"""Channels that are written at once."""
_WINDOWS = 4
"""Windows that CMSIS-NN plans scratch for."""


def folded(parameters: Mapping[str, Field]) -> tuple[Way, ...]:
    """Pixels below each other, as many as fit and fewer; then four and two windows apart."""
    output = parameters["output"]
    pixels = output.h * output.w
    whole = _window_bytes(parameters)
    found = []
    for rows in _heights(parameters):
        scratch = _bytes_below(parameters, rows)
        text = f"{rows} x 1 pixels x 4 channels"
        found.append(Way(scratch, text, scratch, {"input": (_below(parameters, rows),)}))
    for count in dict.fromkeys(min(count, pixels) for count in (_WINDOWS, 2)):
        starts = (
            image * pixels + start for image in range(output.n) for start in range(0, pixels, count)
        )
        text = f"1 x {count} pixels x 4 channels"
        clauses = {"input": (gathered(parameters, starts),)}
        found.append(Way(count * whole + 1, text, count * whole, clauses))
    return _worth(found)


def one_by_one(parameters: Mapping[str, Field]) -> tuple[Way, ...]:
    """All pixels of a run, 16, 8; both of them also gathered."""
    count = _run_length(parameters)
    whole = count + count % 2
    found = [_run(parameters, whole, False)]
    for most in dict.fromkeys((min(16, whole), min(8, whole))):
        if most < whole:
            found.append(_run(parameters, most, False))
        found.append(_run(parameters, most, True))
    return _worth(found)


def _run(parameters: Mapping[str, Field], most: int, is_gathered: bool) -> Way:
    text = f"{min(most, _run_length(parameters))} pixels x 4 channels"
    if not is_gathered:
        return Way(2 * most, text, 0, {"input": (_runs(parameters, most),)})
    channels = parameters["input"].c
    scratch = _rounded((most - 1) * channels + _rounded(channels))
    length = _run_length(parameters)
    output = parameters["output"]
    starts = (
        row + start
        for row in range(0, output.n * output.h * output.w, length)
        for start in range(0, length, most)
    )
    return Way(
        2 * most + 1, text + ", gathered", scratch, {"input": (gathered(parameters, starts),)}
    )


def _worth(found: Sequence[Way]) -> tuple[Way, ...]:
    """The ways that overlap further or take less scratch than each one before them."""
    kept: list[Way] = []
    for way in found:
        if not any(other.scratch <= way.scratch and _reach(other) <= _reach(way) for other in kept):
            kept.append(way)
    return tuple(kept)


def _reach(way: Way) -> int:
    return way.clauses["input"][0].distance


def _window_bytes(parameters: Mapping[str, Field]) -> int:
    window = parameters["filter"]
    return _rounded(window.h * window.w * window.c)


def _rounded(size: int) -> int:
    return -(-size // _VECTOR) * _VECTOR


def _heights(parameters: Mapping[str, Field]) -> Iterator[int]:
    """How many pixels below each other are worth a way."""
    window, output = parameters["filter"], parameters["output"]
    if output.h == 1 or parameters["dilation_h"] != 1 or parameters["stride_h"] >= window.h:
        return
    rows = _rows_in(parameters, _WINDOWS * _window_bytes(parameters))
    last = 0
    while rows >= 2:
        # With rows of a few bytes, rounded scratch has room for more.
        found = _rows_in(parameters, _bytes_below(parameters, rows))
        if found == last:
            return
        yield found
        last = found
        rows = min(rows, found) // 4 * 2


def _bytes_below(parameters: Mapping[str, Field], rows: int) -> int:
    window = parameters["filter"]
    row = window.w * window.c
    # The last window is read to the end of its last vector.
    beyond = _window_bytes(parameters) - window.h * row
    return _rounded(((rows - 1) * parameters["stride_h"] + window.h) * row + beyond)


def _rows_in(parameters: Mapping[str, Field], scratch: int) -> int:
    """As tiling_of() of the kernel."""
    window, output = parameters["filter"], parameters["output"]
    row = window.w * window.c
    most = (scratch - (_window_bytes(parameters) - window.h * row)) // row
    rows = (most - window.h) // parameters["stride_h"] + 1
    return output.h if rows >= output.h else rows // 2 * 2


def _below(parameters: Mapping[str, Field], most: int) -> Clause:
    """Columns of `most` pixels from left to right, then those below."""
    source, window, output = parameters["input"], parameters["filter"], parameters["output"]
    vertical = (window.h, parameters["stride_h"], parameters["pad_h"], 1, source.h)
    horizontal = (window.w, parameters["stride_w"], parameters["pad_w"], parameters["dilation_w"])
    first_rows = [first_inside(y, *vertical) for y in range(output.h)]
    columns = []  # from each one on, the first that is read
    least = NOTHING
    for x in reversed(range(output.w)):
        first = first_inside(x, *horizontal, source.w)
        least = least if first is None else min(first, least)
        columns.append(least)
    columns.reverse()
    if columns[0] == NOTHING:
        return clause(parameters, ())
    distances = []
    after = NOTHING
    for image in reversed(range(output.n)):
        for y in reversed(range(0, output.h, most)):
            end = min(y + most, output.h)
            inside = [row for row in first_rows[y:end] if row is not None]
            line = (image * source.h + min(inside)) * source.w if inside else NOTHING
            written = (image * output.h + end - 1) * output.w
            for x in range(1, output.w + 1):
                beside = line + columns[x] if x < output.w else NOTHING
                low = min(beside, after)
                if low < NOTHING:
                    distances.append((written + x) * output.c - low * source.c)
            after = min(after, line + columns[0])
    return clause(parameters, distances)


def _run_length(parameters: Mapping[str, Field]) -> int:
    """Pixels whose windows lie a constant number of bytes apart: those of a row, or all."""
    source, output = parameters["input"], parameters["output"]
    strides = (parameters["stride_h"], parameters["stride_w"])
    if strides == (1, 1) and (output.h, output.w) == (source.h, source.w):
        return output.n * output.h * output.w
    return output.w


def _runs(parameters: Mapping[str, Field], most: int) -> Clause:
    """Runs of at most `most` pixels: four channels of all pairs of pixels, then the next four.

    Pixels that are left are computed one by one: the last one of an odd number, and those at the
    input's end, where a window cannot be read to the end of its last vector.
    """
    source, output = parameters["input"], parameters["output"]
    low = lowest(parameters)
    step = parameters["stride_w"] * source.c
    end = source.n * source.h * source.w * source.c
    length = _run_length(parameters)
    # Channels that are written when the last ones are computed.
    done = (output.c - 1) // _TOGETHER * _TOGETHER
    distances = []
    for row in range(0, len(low), length):
        for start in range(row, row + length, most):
            count = min(most, row + length - start)
            first = low[start] * source.c
            padded = (end - _rounded(source.c) - first) // step + 1
            paired = max(min(padded, count), 0) // 2 * 2
            if paired and done:
                distances.append((start + paired - 1) * output.c + done - first)
            # Pairs whose channels are all written at once, and the pixels that are left.
            for pixel in range(start, start + count):
                if (pixel - start) % 2 and pixel < start + paired:
                    continue
                begun = pixel * output.c + (done if pixel >= start + paired else 0)
                if begun:
                    distances.append(begun - low[pixel] * source.c)
    return clause(parameters, distances)
