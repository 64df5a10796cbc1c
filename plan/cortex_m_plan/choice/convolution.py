# SPDX-License-Identifier: Apache-2.0
"""Convolutions with the input's offset folded into the bias."""

from collections.abc import Mapping

from cortex_m_plan.choice import conditions, scratch, tables
from cortex_m_plan.choice.asked import CONVOLUTION, Asked
from cortex_m_plan.choice.candidate import Candidate
from cortex_m_plan.layout import Dims
from cortex_m_plan.step import PARAMETERS, TILE, Field

_FOLDED = (conditions.narrow_requantization, conditions.narrow_sums)
_WEIGHTS = {
    "scalar": (conditions.no_two_lowest_neighbours,),
    "dsp": (conditions.light_weights,),
}
_TABLES = {"weight": tables.weights, "kernel_sum": tables.kernel_sums}
_ONE_SUM = ("input", "weight", "kernel_sum", "multipliers", "shifts", PARAMETERS)


def _as_convolution(asked: Asked) -> Mapping[str, Field]:
    """The parameters of a depthwise convolution of one input channel as a convolution's."""
    filter_ = asked["filter"]
    changed = {"filter": Dims(filter_.c, filter_.h, filter_.w, 1)}
    kept = {k: v for k, v in asked.parameters.items() if k != "depth_multiplier"}
    return kept | changed


CONVOLUTIONS = (
    Candidate(
        kernel="cortex_m_quantized_conv2d_1x1",
        arguments=(*_ONE_SUM, "scratch", TILE, "output"),
        conditions=(
            conditions.one_group,
            conditions.window_of(1, 1),
            conditions.no_padding,
            *_FOLDED,
        ),
        further=_WEIGHTS,
        tables=_TABLES,
        scratch=scratch.one_by_one,
    ),
    Candidate(
        kernel="cortex_m_quantized_conv2d_folded",
        arguments=(*_ONE_SUM, "scratch", TILE, "output"),
        conditions=(conditions.one_group, *_FOLDED),
        further=_WEIGHTS,
        tables=_TABLES,
        scratch=scratch.folded,
    ),
)

_TWO_SUMS = ("input", "weight", "bias", "kernel_sum", "multipliers", "shifts", PARAMETERS)
_DEPTHWISE_TABLES = {"bias": tables.biases, "kernel_sum": tables.kernel_sums}

DEPTHWISE_CONVOLUTIONS = (
    Candidate(
        kernel="cortex_m_quantized_conv2d_folded",
        arguments=(*_ONE_SUM, "scratch", TILE, "output"),
        conditions=(conditions.one_input_channel, *_FOLDED),
        further=_WEIGHTS,
        tables=_TABLES,
        struct=f"{CONVOLUTION}_params",
        parameters=_as_convolution,
        scratch=scratch.folded,
    ),
    Candidate(
        kernel="cortex_m_quantized_depthwise_conv2d_3x3",
        arguments=(*_TWO_SUMS, "scratch", TILE, "output"),
        conditions=(
            conditions.multiplier_of_one,
            conditions.window_of(3, 3),
            conditions.no_dilation,
            *_FOLDED,
        ),
        further={
            "dsp": (conditions.channels_at_least(4), conditions.same_stride_up_to(2)),
        },
        tables=_DEPTHWISE_TABLES,
        scratch=scratch.depthwise_three,
    ),
    Candidate(
        kernel="cortex_m_quantized_depthwise_conv2d_folded",
        arguments=(*_TWO_SUMS, "scratch", TILE, "output"),
        conditions=(conditions.multiplier_of_one, *_FOLDED),
        tables=_DEPTHWISE_TABLES,
        scratch=scratch.depthwise_folded,
    ),
)
