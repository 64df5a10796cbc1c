# SPDX-License-Identifier: Apache-2.0
"""Ways of the kernels in kernels/src/dsp.

The numbers of the ways, of what they keep on the stack and of what a strip holds are the C's.
"""

from collections.abc import Iterator, Mapping

from cortex_m_plan.step import Field
from cortex_m_plan.ways.way import Clause, Way
from cortex_m_plan.ways.windows import (
    NOTHING,
    clause,
    first_inside,
    from_end,
    gathered,
    lowest,
    pixels,
)

_STACK_GROUPS = 16
"""Fours of inputs of which the columns of two pixels lie on the stack."""

_FEW = 32
"""Of fewer pixels of a 1x1 convolution, if odd in number, the last is read where it lies."""

_STRIPS = {1: 12, 2: 6}
"""Columns of a strip of a depthwise convolution, by the stride."""

_BLOCK = 8
"""Outputs of a linear layer computed together; of the rest, and of a pixel alone, _REST."""

_REST = 4

_PAIRS = "2 pixels x 2 channels"
_SINGLES = "1 pixel x 4 channels"
_ON_STACK = ", windows on the stack"


def _conv2d_folded(parameters: Mapping[str, Field]) -> tuple[Way, ...]:
    window = parameters["filter"]
    groups = -(-window.h * window.w * window.c // 4)
    count = pixels(parameters)
    by_two = gathered(parameters, range(0, count, 2))
    by_one = gathered(parameters, range(count))
    if groups > _STACK_GROUPS:
        singles = _way(1, _SINGLES, 4 * groups, by_one)
        return _way(2, _PAIRS, 16 * groups, by_two), singles
    # Small windows are put together as bytes, beside the columns.
    pairs = _way(2, _PAIRS, 20 * groups, by_two)
    return pairs, _way(3, _PAIRS + _ON_STACK, 0, by_two)


def _conv2d_1x1(parameters: Mapping[str, Field]) -> tuple[Way, ...]:
    inputs, outputs = parameters["filter"].c, parameters["output"].c
    groups = -(-inputs // 4)
    count = pixels(parameters)
    low = lowest(parameters)
    # Of a pixel that is read where it lies, all inputs are for the last outputs.
    begun = (outputs - 1) // _REST * _REST
    alone = [at * outputs + begun - low[at] * inputs for at in range(count) if at or begun]
    singles = _way(1, _SINGLES + ", in place", 0, clause(parameters, alone))
    if count == 1:
        return (singles,)
    by_two = gathered(parameters, range(0, count, 2))
    if count % 2 == 1 and count < _FEW:
        by_two = Clause(max(by_two.distance, alone[-1]))
    pairs = _way(2, _PAIRS, 16 * groups, by_two)
    if groups > _STACK_GROUPS:
        return pairs, singles
    # As fast as that in scratch, which spares the stack where there is room.
    return pairs, _way(3, _PAIRS + _ON_STACK, 0, by_two)


def _depthwise_3x3(parameters: Mapping[str, Field]) -> tuple[Way, ...]:
    target, stride = parameters["output"], parameters["stride_h"]
    text = "2 rows x 2 columns x 1 channel" if stride == 1 else "2 columns x 1 channel"
    if target.c % 2 == 1:
        # The last channels are computed with one that has been, whose input may be gone.
        return (Way(target.h, text),)
    found = [_way(target.h, text, 0, _strips(parameters, target.h))]
    if target.w > _STRIPS[stride]:
        for rows in (4, 2) if stride == 1 else (4, 2, 1):
            if rows >= target.h:
                continue
            by_bands = _strips(parameters, rows)
            if by_bands.distance < found[-1].clauses["input"][0].distance:
                found.append(_way(rows, f"{text}, {rows} rows at a time", 0, by_bands))
    return tuple(found)


def _strips(parameters: Mapping[str, Field], rows: int) -> Clause:
    """Two channels of all images: of each `rows` rows, strips of columns from top to bottom."""
    source, target = parameters["input"], parameters["output"]
    passes = list(_passes(parameters, rows))
    # Of a pass rows that a later one needs too may be read ahead: all reads come before the writes.
    later = from_end([low for _, low in passes])[1:]
    highest, distances = 0, []
    for (written, _), low in zip(passes, later, strict=False):
        highest = max(highest, written)
        if written and low != NOTHING:
            distances.append((highest - low) * source.c)
    return clause(parameters, distances, 1 if target.c == 2 else target.c)


def _passes(parameters: Mapping[str, Field], rows: int) -> Iterator[tuple[int, int]]:
    """The pixel behind the last that is written (0: none is), and the first that is read before."""
    source, target = parameters["input"], parameters["output"]
    stride, most = parameters["stride_h"], _STRIPS[parameters["stride_h"]]
    high = 2 // stride
    strips = []
    for x in range(0, target.w, most):
        end = min(x + most, target.w)
        read = (end - x + 1) // 2 * 2 * stride - stride + 3
        strips.append((end, first_inside(x, read, stride, parameters["pad_w"], 1, source.w)))

    def lowest_of(image: int, y: int, column: int | None) -> int:
        row = next((at for at in (y, y + 1) if 0 <= at < source.h), None)
        if row is None or column is None:
            return NOTHING
        return (image * source.h + row) * source.w + column

    for image in range(target.n):
        for top in range(0, target.h, rows):
            bottom = min(top + rows, target.h)
            for end, column in strips:
                y = top * stride - parameters["pad_h"]
                yield 0, lowest_of(image, y, column)
                for made in range(top, bottom, high):
                    y += 2
                    last = min(made + high, bottom) - 1
                    written = (image * target.h + last) * target.w + end
                    yield written, lowest_of(image, y, column)


def _depthwise_folded(parameters: Mapping[str, Field]) -> tuple[Way, ...]:
    channels = parameters["output"].c
    # Groups of channels are made one after the other, each of all pixels.
    multiple = channels if channels > _REST else 1
    clauses = gathered(parameters, range(pixels(parameters)), multiple)
    return (_way(1, _SINGLES, 0, clauses),)


def _linear_folded(parameters: Mapping[str, Field]) -> tuple[Way, ...]:
    inputs, outputs = parameters["in_features"], parameters["out_features"]
    rest = outputs % _BLOCK
    # Outputs of a row that are written before its inputs are read for the last time.
    begun = outputs - (_BLOCK if rest == 0 else (rest - 1) % _REST + 1)
    rows = range(0 if begun else 1, parameters["rows"])
    distances = (row * (outputs - inputs) + begun for row in (*rows[:1], *rows[-1:]))
    text = "1 row x 8 outputs"
    return (Way(0, text, 0, {"input": (Clause(max(distances, default=-inputs)),)}),)


def _way(tile: int, text: str, scratch: int, *clauses: Clause) -> Way:
    return Way(tile, text, scratch, {"input": clauses})


WAYS = {
    "cortex_m_quantized_conv2d_folded": _conv2d_folded,
    "cortex_m_quantized_conv2d_1x1": _conv2d_1x1,
    "cortex_m_quantized_depthwise_conv2d_3x3": _depthwise_3x3,
    "cortex_m_quantized_depthwise_conv2d_folded": _depthwise_folded,
    "cortex_m_quantized_linear_folded": _linear_folded,
}
"""By C function, what makes the ways of its parameters."""
