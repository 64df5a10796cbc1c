# SPDX-License-Identifier: Apache-2.0
"""Fully connected layers with the input's offset folded into the bias."""

from cortex_m_plan.choice import conditions, tables
from cortex_m_plan.choice.candidate import Candidate
from cortex_m_plan.step import PARAMETERS

LINEARS = (
    Candidate(
        kernel="cortex_m_quantized_linear_folded",
        arguments=("input", "weight", "kernel_sum", PARAMETERS, "output"),
        conditions=(
            conditions.no_filter_offset,
            conditions.narrow_requantization,
            conditions.narrow_sums,
        ),
        further={"dsp": (conditions.light_weights,)},
        tables={"weight": tables.weights, "kernel_sum": tables.kernel_sums},
    ),
)
