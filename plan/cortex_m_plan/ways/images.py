# SPDX-License-Identifier: Apache-2.0
"""Ways of the kernels that go over images pixel by pixel and read where the input lies."""

from collections.abc import Mapping

from cortex_m_plan.layout import Dims
from cortex_m_plan.step import Field
from cortex_m_plan.ways import windows
from cortex_m_plan.ways.way import Way


def pool(parameters: Mapping[str, Field]) -> tuple[Way, ...]:
    """Of poolings: each output channel reads its own input channel, before it is written.

    How many channels are read before the first is written differs between instruction sets, and
    makes no difference: a pixel's first channel has been read when its second is.
    """
    window = Dims(1, parameters["kernel_h"], parameters["kernel_w"], 1)
    asked = {**parameters, "filter": window, "dilation_h": 1, "dilation_w": 1}
    low = windows.lowest(asked)
    channels = parameters["output"].c
    distances = [
        (at - first) * channels
        for at, first in enumerate(low)
        if first != windows.NOTHING and (at or channels > 1)
    ]
    return (Way(clauses={"input": (windows.clause(asked, distances),)}),)


def convolution(parameters: Mapping[str, Field]) -> tuple[Way, ...]:
    """Of the general convolutions: a pixel's window is read again for each of its channels."""
    source, target = parameters["input"].c, parameters["output"].c
    distances = [
        at * target + target - 1 - first * source
        for at, first in enumerate(windows.lowest(parameters))
        if first != windows.NOTHING and (at or target > 1)
    ]
    return (Way(clauses={"input": (windows.clause(parameters, distances),)}),)
