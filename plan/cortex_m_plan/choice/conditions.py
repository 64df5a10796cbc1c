# SPDX-License-Identifier: Apache-2.0
"""Reasons why a kernel cannot do what is asked.

Each condition returns the reason, or nothing. What several conditions say of an output channel is
said of the first one that breaks them.
"""

from collections.abc import Iterable

from cortex_m_plan.choice.asked import LINEAR, Asked
from cortex_m_plan.choice.candidate import Condition
from cortex_m_plan.operators.text import times

SUM_LIMIT = 1 << 30
"""What the sums of the folded kernels stay below, so that requantization needs 32 bits only."""

_SHIFTS = (-23, -1)
_OPERAND_SHIFTS = (-23, 0)
_LOWEST_PAIR = b"\x80\x80"  # -128, -128
_PAIRED_WEIGHTS_LIMIT = 1 << 16
_MOST_AVERAGED = 179


def one_group(asked: Asked) -> str:
    groups = asked["input"].c // asked["filter"].c
    return f"{groups} groups of channels" if groups > 1 else ""


def window_of(height: int, width: int) -> Condition:
    def window(asked: Asked) -> str:
        own = (asked["filter"].h, asked["filter"].w)
        wanted = (height, width)
        return f"a window of {times(own)}, not {times(wanted)}" if own != wanted else ""

    return window


def no_padding(asked: Asked) -> str:
    padding = (asked["pad_h"], asked["pad_w"])
    if any(padding):
        return f"padding of {times(padding)}"
    source, filter_, target = asked["input"], asked["filter"], asked["output"]
    ends = (
        (target.h - 1) * asked["stride_h"] + (filter_.h - 1) * asked["dilation_h"] < source.h,
        (target.w - 1) * asked["stride_w"] + (filter_.w - 1) * asked["dilation_w"] < source.w,
    )
    return "" if all(ends) else "padding below or to the right"


def no_dilation(asked: Asked) -> str:
    dilation = (asked["dilation_h"], asked["dilation_w"])
    return f"dilation of {times(dilation)}" if dilation != (1, 1) else ""


def same_stride_up_to(most: int) -> Condition:
    def same_stride(asked: Asked) -> str:
        stride = (asked["stride_h"], asked["stride_w"])
        fits = stride[0] == stride[1] <= most
        return "" if fits else f"strides of {times(stride)}, not one of up to {most}"

    return same_stride


def one_input_channel(asked: Asked) -> str:
    channels = asked["input"].c
    return f"{channels} input channels, not 1" if channels != 1 else ""


def multiplier_of_one(asked: Asked) -> str:
    multiplier = asked["depth_multiplier"]
    return f"a depth multiplier of {multiplier}, not 1" if multiplier != 1 else ""


def channels_in_blocks_of(size: int) -> Condition:
    def channels_in_blocks(asked: Asked) -> str:
        channels = asked["output"].c
        return f"{channels} channels are no multiple of {size}" if channels % size else ""

    return channels_in_blocks


def channels_at_least(least: int) -> Condition:
    def many_channels(asked: Asked) -> str:
        channels = asked["output"].c
        return f"{channels} channels, fewer than {least}" if channels < least else ""

    return many_channels


def narrow_requantization(asked: Asked) -> str:
    """Every multiplier and shift lets a sum below SUM_LIMIT be requantized in 32 bits."""
    if asked.kernel == LINEAR:
        return _requantization(asked["multiplier"], asked["shift"])
    numbers = zip(asked.constants["multipliers"], asked.constants["shifts"], strict=True)
    return _first(_requantization(*pair) for pair in numbers)


def narrow_sums(asked: Asked) -> str:
    """|bias + offset * weights| of every input stays below SUM_LIMIT, in whatever order."""
    largest = 255
    start = asked.biases
    if asked.kernel == LINEAR:
        largest, start = 128, asked.kernel_sums
    return _first(
        f"sums reach {abs(first) + largest * magnitude}, 2^30 or more"
        if abs(first) + largest * magnitude >= SUM_LIMIT
        else ""
        for first, magnitude in zip(start, asked.magnitudes, strict=True)
    )


def no_two_lowest_neighbours(asked: Asked) -> str:
    """Two products of neighbouring taps, added, have a place in 16 bits unless both are -128."""
    return _first(
        f"taps {at} and {at + 1} are both -128" if at >= 0 else ""
        for at in (channel.find(_LOWEST_PAIR) for channel in asked.channels)
    )


def light_weights(asked: Asked) -> str:
    """The upper one of two channels in one word is known modulo 2^24."""
    return _first(
        f"its weights' magnitudes add up to {magnitude}, 2^16 or more"
        if magnitude >= _PAIRED_WEIGHTS_LIMIT
        else ""
        for magnitude in asked.magnitudes
    )


def no_filter_offset(asked: Asked) -> str:
    offset = asked["filter_offset"]
    return f"a filter offset of {offset}" if offset else ""


def dense(asked: Asked) -> str:
    """Both operands lie like the output."""
    shape = asked["shape"]
    plain = shape.rank == 1 and shape.self_strides[0] == shape.other_strides[0] == 1
    return "" if plain else "an operand is broadcast or lies in another order"


def zero_points_of_int8(asked: Asked) -> str:
    return next(
        (
            f"{name} is {value}, not of int8"
            for name, value in asked.parameters.items()
            if name.endswith("zero_point") and not -128 <= value <= 127
        ),
        "",
    )


def narrow_output(asked: Asked) -> str:
    return _of("output", _requantization(asked["output_multiplier"], asked["output_shift"]))


def narrow_operands(asked: Asked) -> str:
    """Operands scaled by 2^20; where nothing is shifted out, the product has no rounding."""
    for name in ("self", "other"):
        multiplier, shift = asked[f"{name}_multiplier"], asked[f"{name}_shift"]
        why = _requantization(multiplier, shift, _OPERAND_SHIFTS)
        if not why and shift == 0 and multiplier % 2048:
            why = f"a multiplier of {multiplier} without a shift"
        if why:
            return _of(name, why)
    return ""


def small_window(asked: Asked) -> str:
    """An average of so many float32 values that its error stays below half a step."""
    averaged = asked["kernel_h"] * asked["kernel_w"]
    if averaged <= _MOST_AVERAGED:
        return ""
    return f"a window of {averaged} elements, more than {_MOST_AVERAGED}"


def moderate_scale(asked: Asked) -> str:
    scale = asked["scale"]
    return "" if 2.0**-60 < scale < 2.0**60 else f"a scale of {scale}"


def _requantization(multiplier: int, shift: int, shifts: tuple[int, int] = _SHIFTS) -> str:
    if multiplier < 0:
        return f"a multiplier of {multiplier}"
    if not shifts[0] <= shift <= shifts[1]:
        return f"a shift of {shift}, not {shifts[0]} .. {shifts[1]}"
    return ""


def _of(name: str, why: str) -> str:
    return f"{name}: {why}" if why else ""


def _first(reasons: Iterable[str]) -> str:
    """The first reason, with the output channel it is about."""
    named = (_of(f"output channel {at}", why) for at, why in enumerate(reasons))
    return next(filter(None, named), "")
