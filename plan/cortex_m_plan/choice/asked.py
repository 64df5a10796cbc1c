# SPDX-License-Identifier: Apache-2.0
"""What a kernel is asked to compute."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cortex_m_plan.step import Field

CONVOLUTION = "cortex_m_quantized_conv2d"
DEPTHWISE = "cortex_m_quantized_depthwise_conv2d"
LINEAR = "cortex_m_quantized_linear"
ADD = "cortex_m_quantized_add"
MUL = "cortex_m_quantized_mul"
AVERAGE = "cortex_m_quantized_avg_pool2d"


@dataclass(frozen=True)
class Asked:
    """A call of a general kernel.

    Attributes:
        isa: the instruction set.
        kernel: the general kernel's C function.
        parameters: its parameter struct.
        constants: the elements of its constant arguments by role, in memory order; without those
            that are null.
        scratch: how many bytes of scratch are planned for it.
    """

    isa: str
    kernel: str
    parameters: Mapping[str, Field]
    constants: Mapping[str, memoryview] = field(default_factory=dict)
    scratch: int = 0

    def __getitem__(self, name: str) -> Field:
        return self.parameters[name]

    @cached_property
    def channels(self) -> tuple[bytes, ...]:
        """The weights of each output channel, tap by tap."""
        weight = self.constants["weight"].tobytes()
        if self.kernel == DEPTHWISE:
            count = self["filter"].c
            return tuple(weight[channel::count] for channel in range(count))
        count = self["out_features"] if self.kernel == LINEAR else self["filter"].n
        taps = len(weight) // count
        return tuple(weight[at : at + taps] for at in range(0, len(weight), taps))

    @cached_property
    def sums(self) -> tuple[int, ...]:
        """The sum of each output channel's weights."""
        return tuple(sum(memoryview(channel).cast("b")) for channel in self.channels)

    @cached_property
    def magnitudes(self) -> tuple[int, ...]:
        """The sum of the absolute values of each output channel's weights."""
        return tuple(sum(map(abs, memoryview(channel).cast("b"))) for channel in self.channels)

    @cached_property
    def biases(self) -> tuple[int, ...]:
        """The bias of each output channel; 0 where there is none."""
        bias = self.constants.get("bias")
        return tuple(bias) if bias is not None else (0,) * len(self.channels)

    @cached_property
    def kernel_sums(self) -> tuple[int, ...]:
        """The bias of each output channel, with the input's offset times its weights in it.

        A linear layer may have them in the program.
        """
        given = self.constants.get("kernel_sum")
        if given is not None:
            return tuple(given)
        offset = self["input_offset"]
        return tuple(b + offset * s for b, s in zip(self.biases, self.sums, strict=True))
