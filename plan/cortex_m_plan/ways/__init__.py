# SPDX-License-Identifier: Apache-2.0
"""In which ways each kernel can walk through a call.

The C of a kernel fixes the order of its reads and writes; a module of each instruction set says
what follows from it. tests/overlap compares both, byte by byte.
"""

from collections.abc import Callable, Mapping

from cortex_m_plan.step import Field
from cortex_m_plan.ways import common, dsp, mve, scalar
from cortex_m_plan.ways.way import Clause, Way

__all__ = ["Clause", "Way", "ways"]

Ways = Callable[[Mapping[str, Field]], tuple[Way, ...]]

_BY_ISA: Mapping[str, Mapping[str, Ways]] = {
    "scalar": scalar.WAYS,
    "dsp": dsp.WAYS,
    "mve": mve.WAYS,
}


def ways(isa: str, kernel: str, parameters: Mapping[str, Field]) -> tuple[Way, ...]:
    """The ways of a kernel on an instruction set, fastest first.

    Args:
        kernel: the C function.
        parameters: its parameter struct.

    Returns:
        At least one. A kernel of which nothing is known has one way, without scratch and overlap.
    """
    known = _BY_ISA[isa].get(kernel) or common.WAYS.get(kernel)
    return known(parameters) if known else (Way(),)
