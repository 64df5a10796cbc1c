# SPDX-License-Identifier: Apache-2.0
"""Ways of the kernels in kernels/src/scalar.

The numbers of the ways, of what they keep on the stack and of what a run holds are those of the C.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate

from cortex_m_plan.step import Field
from cortex_m_plan.ways.way import Clause, Way
from cortex_m_plan.ways.windows import (
    NOTHING,
    clause,
    firsts,
    from_end,
    gathered,
    lowest,
    pixels,
    size,
)

_LANES = 4
"""Outputs of one pixel computed together."""

_STACK_TAPS = 56
"""Of a window on the stack."""

_STACK_PAIRS = 64
"""Of two elements: those of a 1x1 convolution's inputs on the stack."""

_RUN_OUTPUTS = 25
"""Most outputs of a run of a 3x3 depthwise convolution."""

_SINGLES = "1 pixel x 4 channels"
_TEXTS = {4: "4 pixels x 1 channel", 2: "2 pixels x 2 channels", 1: _SINGLES}


def _conv2d_folded(parameters: Mapping[str, Field]) -> tuple[Way, ...]:
    window = parameters["filter"]
    taps = window.h * window.w * window.c
    few = taps <= _STACK_TAPS
    text = f"{_SINGLES}, window on the stack" if few else _SINGLES
    singles = _way(1, text, 0 if few else taps, gathered(parameters, range(pixels(parameters))))
    return _useful(parameters, *_together(parameters, taps), singles)


def _conv2d_1x1(parameters: Mapping[str, Field]) -> tuple[Way, ...]:
    taps = parameters["filter"].c
    count = pixels(parameters)
    together = tuple(_together(parameters, taps))
    if taps > _STACK_PAIRS:
        alone = _way(1, f"{_SINGLES}, in place", 0, _in_place(parameters))
        return _useful(parameters, *together, alone)
    most = 4 if 2 * taps <= _STACK_PAIRS else 2
    text = next(text for tile, text in _TEXTS.items() if tile <= min(most, count))
    safe = gathered(parameters, _starts(count, most))
    alone = _way(1, f"{text}, windows on the stack", 0, safe)
    # With room in scratch for as many as the stack holds, the stack is spared.
    return _useful(parameters, *(way for way in together if way.tile >= min(most, count)), alone)


def _together(parameters: Mapping[str, Field], taps: int) -> Iterator[Way]:
    """Those of the ways with windows in scratch, two elements in a word, that have the pixels."""
    count = pixels(parameters)
    for tile in (4, 2):
        if count >= tile:
            safe = gathered(parameters, _starts(count, tile))
            yield _way(tile, _TEXTS[tile], 2 * tile * taps, safe)


def _starts(count: int, tile: int) -> Iterator[int]:
    """Where passes start: of `tile` pixels, of two of what is left, and of one."""
    at = 0
    for together in (4, 2, 1):
        while together <= tile and at + together <= count:
            yield at
            at += together


def _in_place(parameters: Mapping[str, Field]) -> Clause:
    """Every few outputs of a pixel read all of its inputs."""
    low = lowest(parameters)
    source, target = parameters["input"].c, parameters["output"].c
    begun = _before_last_block(target)
    ends = (at * target + begun - low[at] * source for at in range(len(low)) if at or begun)
    return clause(parameters, ends)


def _before_last_block(outputs: int) -> int:
    """How many outputs are written before the last ones are computed."""
    return outputs - _LANES if outputs % _LANES == 0 else outputs - 1


def _depthwise_folded(parameters: Mapping[str, Field]) -> tuple[Way, ...]:
    channels = parameters["output"].c
    several = channels > _LANES or 1 < channels < _LANES  # blocks of channels
    ends = (
        (at - first) * channels
        for at, first in enumerate(firsts(parameters))
        if first != NOTHING and (at or several)
    )
    return (_way(1, _SINGLES, 0, clause(parameters, ends)),)


def _depthwise_3x3(parameters: Mapping[str, Field]) -> tuple[Way, ...]:
    source, target = parameters["input"], parameters["output"]
    rows = _way(1, "runs along rows", 0, *_of_runs(parameters, _along_rows(parameters)))
    planes = _way(3, "channel after channel", source.h * source.w, _of_planes(parameters))
    if target.h <= target.w:
        return _useful(parameters, rows, planes)
    runs = _of_runs(parameters, _along_columns(parameters))
    return _useful(parameters, _way(2, "runs along columns", 0, *runs), planes, rows)


def _useful(parameters: Mapping[str, Field], *found: Way) -> tuple[Way, ...]:
    """Those that take less RAM, or less scratch, than every faster one."""
    source, target = size(parameters["input"]), size(parameters["output"])
    kept = []
    for way in found:
        distance = min(safe.distance for safe in way.clauses["input"])
        taken = way.scratch + max(source + distance, source, target)
        if all(taken < other or way.scratch < one.scratch for one, other in kept):
            kept.append((way, taken))
    return tuple(way for way, _ in kept)


def _along_rows(parameters: Mapping[str, Field]) -> Iterator[range]:
    """The output pixels of each run."""
    target = parameters["output"]
    most = _RUN_OUTPUTS if parameters["stride_w"] <= 2 else 1
    for begin in range(0, pixels(parameters), target.w):
        end = begin + target.w
        for at in range(begin, end, most):
            yield range(at, min(at + most, end))


def _along_columns(parameters: Mapping[str, Field]) -> Iterator[range]:
    target = parameters["output"]
    image = target.h * target.w
    most = (_RUN_OUTPUTS if parameters["stride_h"] <= 2 else 1) * target.w
    for begin in range(0, pixels(parameters), image):
        for column in range(begin, begin + target.w):
            for at in range(column, begin + image, most):
                yield range(at, min(at + most, begin + image), target.w)


def _of_runs(parameters: Mapping[str, Field], runs: Iterable[range]) -> tuple[Clause, ...]:
    """Of each channel of a run all is read, then all is written."""
    channels = parameters["output"].c
    first = firsts(parameters)
    runs = list(runs)
    own = [min(first[run.start : run.stop : run.step]) for run in runs]
    written = accumulate((run[-1] + 1 for run in runs), max)
    # What a run writes, and what later ones read; and what it itself reads of its last channel.
    later = [
        (end - low) * channels
        for end, low in zip(written, from_end(own)[1:], strict=False)
        if low != NOTHING
    ]
    itself = [
        (run[-1] - low) * channels
        for run, low in zip(runs, own, strict=True)
        if channels > 1 and low != NOTHING
    ]
    anywhere, apart = clause(parameters, later + itself), clause(parameters, later, channels)
    return (anywhere, apart) if apart.distance < anywhere.distance else (anywhere,)


def _of_planes(parameters: Mapping[str, Field]) -> Clause:
    """Of each channel of an image all is read, then all is written."""
    source, target = parameters["input"], parameters["output"]
    larger = target.h * target.w - source.h * source.w
    ends = (image * larger * source.c for image in range(1, source.n))
    return clause(parameters, ends, source.c)


def _linear_folded(parameters: Mapping[str, Field]) -> tuple[Way, ...]:
    source, target = parameters["in_features"], parameters["out_features"]
    begun = _before_last_block(target)
    rows = parameters["rows"]
    ends = (row * (target - source) + begun for row in range(rows) if row or begun)
    return (_way(0, _SINGLES, 0, Clause(max(ends, default=-source))),)


def _dense(parameters: Mapping[str, Field]) -> tuple[Way, ...]:
    clauses = {"self": (Clause(0),), "other": (Clause(0),)}
    return (Way(text="4 elements", clauses=clauses),)


def _way(tile: int, text: str, scratch: int, *clauses: Clause) -> Way:
    return Way(tile, text, -(-scratch // 16) * 16, {"input": clauses})


WAYS = {
    "cortex_m_quantized_add_dense": _dense,
    "cortex_m_quantized_mul_dense": _dense,
    "cortex_m_quantized_conv2d_folded": _conv2d_folded,
    "cortex_m_quantized_conv2d_1x1": _conv2d_1x1,
    "cortex_m_quantized_depthwise_conv2d_3x3": _depthwise_3x3,
    "cortex_m_quantized_depthwise_conv2d_folded": _depthwise_folded,
    "cortex_m_quantized_linear_folded": _linear_folded,
}
"""By C function, what makes the ways of its parameters."""
