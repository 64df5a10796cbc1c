# SPDX-License-Identifier: Apache-2.0
"""Scratch of the candidates, as C expressions.

The macros are those of cortex_m/scratch.h. The plan reckons with the bytes in cortex_m_plan.ways,
the generated C asserts the expressions, and a test compares both.
"""

from cortex_m_plan.choice.asked import Asked


def one_by_one(asked: Asked) -> str:
    return _expression("CONV2D_1X1", asked, asked["input"].c)


def folded(asked: Asked) -> str:
    """Of a convolution, also of one that the program has as a depthwise one."""
    return _expression("CONV2D_FOLDED", asked, asked["input"].c)


def depthwise_folded(asked: Asked) -> str:
    return _depthwise("DEPTHWISE_CONV2D_FOLDED", asked)


def depthwise_three(asked: Asked) -> str:
    return _depthwise("DEPTHWISE_CONV2D_3X3", asked)


def _depthwise(name: str, asked: Asked) -> str:
    return _expression(name, asked, asked["filter"].c, asked["depth_multiplier"])


def _expression(name: str, asked: Asked, channels: int, *more: int) -> str:
    source, filter_, target = asked["input"], asked["filter"], asked["output"]
    shape = [*source, filter_.h, filter_.w, channels, target.h, target.w, target.c, *more]
    return f"CORTEX_M_QUANTIZED_{name}_SCRATCH({', '.join(map(str, shape))}, {{tile}})"
