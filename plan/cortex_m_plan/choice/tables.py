# SPDX-License-Identifier: Apache-2.0
"""Constants that kernels read beside those of the program, or in their place."""

import struct

from cortex_m_plan.choice.asked import Asked
from cortex_m_plan.packing import pack
from cortex_m_plan.program import DType
from cortex_m_plan.step import Table


def kernel_sums(asked: Asked, kernel: str) -> Table:
    """int32 per output channel: bias + input_offset * sum of its weights."""
    return _int32("kernel sums", asked.kernel_sums)


def biases(asked: Asked, kernel: str) -> Table:
    """int32 per output channel: the bias, zeros if the program has none."""
    return _int32("biases", asked.biases)


def weights(asked: Asked, kernel: str) -> Table:
    """int8, in the kernel's order."""
    count, taps = len(asked.channels), len(asked.channels[0])
    packed = pack(asked.isa, kernel, b"".join(asked.channels), count, taps)
    return Table("weights in the kernel's order", DType.INT8, packed)


def _int32(what: str, numbers: tuple[int, ...]) -> Table:
    return Table(what, DType.INT32, struct.pack(f"<{len(numbers)}i", *numbers))
