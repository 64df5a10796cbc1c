# SPDX-License-Identifier: Apache-2.0
"""What the output pixels of convolutions and poolings read, for ways that go over them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate

from cortex_m_plan.layout import Dims
from cortex_m_plan.step import Field
from cortex_m_plan.ways.way import Clause

NOTHING = 1 << 62
"""In place of an input pixel, where none is read any more."""


def firsts(parameters: Mapping[str, Field]) -> tuple[int, ...]:
    """By output pixel, in memory order: the first input pixel that it reads."""
    window = parameters["filter"]
    return _firsts(
        parameters["input"],
        parameters["output"],
        (window.h, parameters["stride_h"], parameters["pad_h"], parameters["dilation_h"]),
        (window.w, parameters["stride_w"], parameters["pad_w"], parameters["dilation_w"]),
    )


def lowest(parameters: Mapping[str, Field]) -> tuple[int, ...]:
    """By output pixel, in memory order: the first input pixel that it or a later one reads."""
    return from_end(firsts(parameters))


def from_end(found: Sequence[int]) -> tuple[int, ...]:
    """The least of each number and those after it."""
    return tuple(accumulate(reversed(found), min))[::-1]


def gathered(parameters: Mapping[str, Field], starts: Iterable[int], multiple: int = 1) -> Clause:
    """Where all that some pixels read is read before any of them is written.

    Args:
        starts: the pixels with which a pass starts: all before it are written. 0 may be missing.
        multiple: of the clause; the channels, where an output channel reads its own alone.
    """
    low = lowest(parameters)
    source, target = parameters["input"].c, parameters["output"].c
    return clause(
        parameters,
        (at * target - low[at] * source for at in starts if at and low[at] != NOTHING),
        multiple,
    )


def clause(parameters: Mapping[str, Field], distances: Iterable[int], multiple: int = 1) -> Clause:
    """The largest of the distances; without any, the input may lie anywhere."""
    return Clause(max(distances, default=-size(parameters["input"])), multiple)


def pixels(parameters: Mapping[str, Field]) -> int:
    """Output pixels of all images."""
    output = parameters["output"]
    return output.n * output.h * output.w


def size(dims: Dims) -> int:
    """Elements."""
    return dims.n * dims.h * dims.w * dims.c


@lru_cache(maxsize=64)
def _firsts(
    source: Dims, target: Dims, vertical: tuple[int, ...], horizontal: tuple[int, ...]
) -> tuple[int, ...]:
    rows = [first_inside(y, *vertical, source.h) for y in range(target.h)]
    columns = [first_inside(x, *horizontal, source.w) for x in range(target.w)]
    found = []
    for image in range(target.n):
        for row in rows:
            if row is None:
                found += [NOTHING] * target.w
                continue
            line = (image * source.h + row) * source.w
            found += [NOTHING if column is None else line + column for column in columns]
    return tuple(found)


def first_inside(
    at: int, taps: int, stride: int, pad: int, dilation: int, extent: int
) -> int | None:
    """The first place inside the image that one of the taps reads."""
    read = range(at * stride - pad, at * stride - pad + taps * dilation, dilation)
    return next((place for place in read if 0 <= place < extent), None)
