# SPDX-License-Identifier: Apache-2.0
"""Averages in integers."""

from cortex_m_plan.choice import conditions
from cortex_m_plan.choice.candidate import Candidate
from cortex_m_plan.step import PARAMETERS

AVERAGES = (
    Candidate(
        kernel="cortex_m_quantized_avg_pool2d_integer",
        arguments=("input", PARAMETERS, "output"),
        conditions=(conditions.small_window, conditions.moderate_scale),
    ),
)
