# SPDX-License-Identifier: Apache-2.0
"""Calls that a faster kernel cannot do: for each of its conditions, one that breaks it alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod

import numpy as np
from cortex_m_plan.choice import Candidate
from cortex_m_plan.choice.conditions import SUM_LIMIT

from kernel_cases.add import add_case
from kernel_cases.broadcast import MAX_RANK
from kernel_cases.case_file import Case
from kernel_cases.choice import asked
from kernel_cases.convolution import Window, convolution_case
from kernel_cases.dense import Pair
from kernel_cases.linear import linear_case
from kernel_cases.mul import mul_case
from kernel_cases.pooling import avg_pool2d_case

SCRATCH = "_scratch_suffices"
_PLENTY = 1 << 20
_WIDE = [((-(2**30), -6),), ((2**30, 0),), ((2**30, -24), (2**30, -6))]
_REQUANTIZATION = ((2**30, -6), (2**31 - 1, -9), (2**30 + 1, -12))


@dataclass
class Refused:
    """A call of a general kernel, and the scratch that is planned for it."""

    case: Case
    scratch: int = _PLENTY


def conditions_of(operator: str, candidate: Candidate, isa: str) -> list[str]:
    """The names of what a kernel requires on an ISA, in the order in which it is asked."""
    conditions = (*candidate.conditions, *candidate.further.get(isa, ()))
    names = [condition.__name__ for condition in conditions]
    if candidate.scratch is not None:
        call = refused(operator, candidate.kernel.removeprefix("cortex_m_"), SCRATCH, 0)
        if all(way.scratch for way in candidate.ways(asked(call.case, isa))):
            names.append(SCRATCH)
    return names


def refused(operator: str, kernel: str, condition: str, number: int) -> Refused:
    """A call of an operator that this condition of a kernel, and no other one, speaks against.

    Raises:
        KeyError: no call is known for the condition.
    """
    make, usual = _USUAL[operator, kernel]
    changes = _BREAKING[condition](usual, number)
    scratch = changes.pop("planned", _PLENTY)
    return Refused(make(np.random.default_rng(number), **usual | changes), scratch)


def _int8(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return rng.integers(-127, 127, shape, dtype=np.int8, endpoint=True)


def _many(requantization: tuple[tuple[int, int], ...], count: int) -> list[tuple[int, int]]:
    return [requantization[at % len(requantization)] for at in range(count)]


def _bias(rng: np.random.Generator, weights: np.ndarray, sums: int | None) -> np.ndarray:
    """Small biases; or those with which the largest sum of one channel reaches `sums`."""
    bias = rng.integers(-5000, 5000, len(weights), dtype=np.int32)
    if sums is not None:
        bias[-1] = sums - 255 * np.abs(weights[-1].astype(np.int64)).sum()
    return bias


def _window_case(
    rng: np.random.Generator,
    *,
    size: tuple[int, int],
    channels: int,
    outputs: int = 5,
    groups: int = 1,
    depthwise: int = 0,
    padding: tuple[int, int] = (0, 0),
    dilation: tuple[int, int] = (1, 1),
    stride: tuple[int, int] = (1, 1),
    requantization: tuple[tuple[int, int], ...] = _REQUANTIZATION,
    sums: int | None = None,
    ends: str = "",
) -> Case:
    """A convolution.

    Args:
        outputs: per group.
        depthwise: the multiplier of a depthwise one.
        ends: what a channel's weights are, if not random.
    """
    window = Window(size, stride, padding, dilation)
    taps = prod(size) * (1 if depthwise else channels)
    count = channels * depthwise if depthwise else groups * outputs
    weights = _ended(_int8(rng, count, taps), ends)
    shape = (count, *size, channels)
    if depthwise:
        shape = (1, *size, count)
    weight = np.ascontiguousarray(weights.T if depthwise else weights).reshape(shape)
    x = _int8(rng, 2, window.reach[0] + 3, window.reach[1] + 2, channels * groups)
    name = "quantized_depthwise_conv2d" if depthwise else "quantized_conv2d"
    bias = _bias(rng, weights, sums)
    scaling = _many(requantization, count)
    return convolution_case(name, window, x, weight, bias, scaling, (7, -3), (-128, 127))


def _linear(
    rng: np.random.Generator,
    *,
    inputs: int = 9,
    filter_offset: int = 0,
    requantization: tuple[tuple[int, int], ...] = _REQUANTIZATION,
    sums: int | None = None,
    ends: str = "",
) -> Case:
    weight = _ended(_int8(rng, 5, inputs), ends)
    kernel_sum = rng.integers(-5000, 5000, 5, dtype=np.int32)
    if sums is not None:
        kernel_sum[-1] = 128 * np.abs(weight[-1].astype(np.int64)).sum() - sums
    offsets = 0, filter_offset, -3
    x = _int8(rng, 3, inputs)
    return linear_case(x, weight, None, kernel_sum, offsets, requantization[0], (-128, 127))


def _ended(weights: np.ndarray, ends: str) -> np.ndarray:
    if ends == "neighbours":
        weights[-1, -2:] = -128
    if ends == "heavy":
        weights[:] = np.clip(weights, -100, 100)
        weights[-1] = 127
        weights[-1, ::2] = -128
    return weights


def _pair(rng: np.random.Generator, repeated: int) -> Pair:
    """Two operands; the second one is a row that is used for each row, or the first."""
    rows = [_int8(rng, 6, 10), _int8(rng, 10) if repeated else _int8(rng, 6, 10)]
    pair = Pair([row.reshape(-1) for row in rows])
    if repeated:
        unused = [0] * (MAX_RANK - 2)
        pair.shape = (2, [6, 10, *unused], [10, 1, *unused], [0, 1, *unused])
        pair.tensors[1] = pair.tensors[1].repeat(6)
    return pair


def _add(
    rng: np.random.Generator,
    *,
    repeated: int = 0,
    zero_points: tuple[int, int, int] = (-128, 3, 127),
    operands: tuple[tuple[int, int], tuple[int, int]] = ((2**30, 0), (2**30 + 5, -1)),
    requantization: tuple[tuple[int, int], ...] = ((2**30, -19),),
) -> Case:
    scaling = [*operands, requantization[0]]
    return add_case(_pair(rng, repeated), zero_points, scaling, (-128, 127))


def _mul(
    rng: np.random.Generator,
    *,
    repeated: int = 0,
    zero_points: tuple[int, int, int] = (-128, 3, 127),
    requantization: tuple[tuple[int, int], ...] = ((2**30, -6),),
) -> Case:
    return mul_case(_pair(rng, repeated), zero_points, requantization[0])


def _average(
    rng: np.random.Generator,
    *,
    size: tuple[int, int] = (2, 2),
    scale: tuple[int, int] = (2**30, -3),
) -> Case:
    x = _int8(rng, 1, size[0] + 3, size[1] + 1, 5)
    return avg_pool2d_case(x, size, (1, 1), (0, 0), False, 3, scale)


_CONVOLUTION, _DEPTHWISE = "quantized_conv2d", "quantized_depthwise_conv2d"

# By general and by faster kernel, a call that the faster one can do on every ISA.
_USUAL: dict[tuple[str, str], tuple[Callable[..., Case], dict[str, object]]] = {
    (_CONVOLUTION, "quantized_conv2d_1x1"): (_window_case, {"size": (1, 1), "channels": 4}),
    (_CONVOLUTION, "quantized_conv2d_folded"): (_window_case, {"size": (3, 3), "channels": 4}),
    (_DEPTHWISE, "quantized_conv2d_folded"): (
        _window_case, {"size": (3, 3), "channels": 1, "depthwise": 5},
    ),
    (_DEPTHWISE, "quantized_depthwise_conv2d_3x3"): (
        _window_case, {"size": (3, 3), "channels": 16, "depthwise": 1},
    ),
    (_DEPTHWISE, "quantized_depthwise_conv2d_folded"): (
        _window_case, {"size": (5, 3), "channels": 16, "depthwise": 1},
    ),
    ("quantized_linear", "quantized_linear_folded"): (_linear, {}),
    ("quantized_add", "quantized_add_dense"): (_add, {}),
    ("quantized_mul", "quantized_mul_dense"): (_mul, {}),
    ("quantized_avg_pool2d", "quantized_avg_pool2d_integer"): (_average, {}),
}  # fmt: skip


def _heavy(usual: dict[str, object], number: int) -> dict[str, object]:
    """So many taps that their magnitudes add up to more than 2^16."""
    taps = 515 + number
    if "channels" not in usual:
        return {"inputs": taps, "ends": "heavy"}
    if "depthwise" in usual:
        return {"size": (5, 104 + number), "ends": "heavy"}
    return {"channels": taps, "ends": "heavy"}


def _beyond_the_stack(usual: dict[str, object], number: int) -> dict[str, object]:
    """No scratch for a window so large that it does not fit the stack, if it may be larger."""
    if "depthwise" not in usual:
        return {"planned": 0, "channels": 9 + number}
    if usual["channels"] == 1:
        return {"planned": 0, "size": (9, 9 + number)}
    return {"planned": number}


# By a condition's name, how to break it: changes to the usual call, of a number below 3.
_BREAKING: dict[str, Callable[[dict[str, object], int], dict[str, object]]] = {
    "one_group": lambda usual, number: {"groups": 2 + number, "outputs": 3},
    "window": lambda usual, number: {"size": ((2, 1), (1, 2), (3, 4))[number]},
    "no_padding": lambda usual, number: {"padding": ((1, 1), (0, 1), (2, 0))[number]},
    "no_dilation": lambda usual, number: {"dilation": ((2, 2), (1, 2), (3, 1))[number]},
    "same_stride": lambda usual, number: {"stride": ((3, 3), (1, 2), (2, 1))[number]},
    "one_input_channel": lambda usual, number: {"channels": (4, 16, 17)[number], "depthwise": 1},
    "multiplier_of_one": lambda usual, number: {"depthwise": 2 + number},
    "channels_in_blocks": lambda usual, number: {"channels": (17, 15, 3)[number]},
    "many_channels": lambda usual, number: {"channels": (3, 2, 3)[number]},
    "narrow_requantization": lambda usual, number: {"requantization": _WIDE[number]},
    "narrow_sums": lambda usual, number: {"sums": SUM_LIMIT + number},
    "no_two_lowest_neighbours": lambda usual, number: {"ends": "neighbours"},
    "light_weights": _heavy,
    "no_filter_offset": lambda usual, number: {"filter_offset": (1, -127, 128)[number]},
    "dense": lambda usual, number: {"repeated": 1},
    "zero_points_of_int8": lambda usual, number: {
        "zero_points": ((128, 0, 0), (0, -129, 0), (0, 0, 500))[number]
    },
    "narrow_output": lambda usual, number: {"requantization": _WIDE[number][:1]},
    "narrow_operands": lambda usual, number: {
        "operands": (((2**30 + 1, 0), (2**30, -1)), ((2**30, 0), (2**30, 1)), ((-5, -1), (9, -1)))[
            number
        ]
    },
    "small_window": lambda usual, number: {"size": ((12, 15), (180, 1), (14, 13))[number]},
    "moderate_scale": lambda usual, number: {"scale": ((2**30, -60), (2**30, 61), (0, 0))[number]},
    SCRATCH: _beyond_the_stack,
}
