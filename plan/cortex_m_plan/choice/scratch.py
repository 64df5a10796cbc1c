# SPDX-License-Identifier: Apache-2.0
"""Scratch of the candidates, as numbers and as C expressions.

The formulas are those of cortex_m/scratch.h: the choice needs numbers, the generated C asserts the
expressions, and a test compares both.
"""

from cortex_m_plan.choice.asked import Asked
from cortex_m_plan.choice.candidate import Need

_TAPS_ON_THE_STACK = 64
_DEPTHWISE_THREE_MVE = 4464


def folded(asked: Asked) -> Need:
    """Of a convolution, also of one that the program has as a depthwise one."""
    filter_ = asked["filter"]
    channels = asked["input"].c
    taps = filter_.h * filter_.w * channels
    if asked.isa == "mve":
        need = 64 * ((taps + 15) // 16)
    else:
        need = 0 if taps <= _TAPS_ON_THE_STACK else 16 * ((taps + 3) // 4)
    return Need(need, _expression("CONV2D_FOLDED", asked, channels))


def depthwise_folded(asked: Asked) -> Need:
    return Need(0, _depthwise("DEPTHWISE_CONV2D_FOLDED", asked))


def depthwise_three(asked: Asked) -> Need:
    need = _DEPTHWISE_THREE_MVE if asked.isa == "mve" else 0
    return Need(need, _depthwise("DEPTHWISE_CONV2D_3X3", asked))


def _depthwise(name: str, asked: Asked) -> str:
    return _expression(name, asked, asked["filter"].c, asked["depth_multiplier"])


def _expression(name: str, asked: Asked, channels: int, *more: int) -> str:
    source, filter_, target = asked["input"], asked["filter"], asked["output"]
    shape = [*source, filter_.h, filter_.w, channels, target.h, target.w, target.c, *more]
    return f"CORTEX_M_QUANTIZED_{name}_SCRATCH({', '.join(map(str, shape))})"
