# SPDX-License-Identifier: Apache-2.0
"""Elementwise operators of two tensors that lie the same way."""

from cortex_m_plan.choice import conditions
from cortex_m_plan.choice.candidate import Candidate
from cortex_m_plan.step import PARAMETERS

_ARGUMENTS = ("self", "other", PARAMETERS, "output")

ADDS = (
    Candidate(
        kernel="cortex_m_quantized_add_dense",
        arguments=_ARGUMENTS,
        conditions=(
            conditions.dense,
            conditions.zero_points_of_int8,
            conditions.narrow_operands,
            conditions.narrow_output,
        ),
    ),
)

MULS = (
    Candidate(
        kernel="cortex_m_quantized_mul_dense",
        arguments=_ARGUMENTS,
        conditions=(
            conditions.dense,
            conditions.zero_points_of_int8,
            conditions.narrow_output,
        ),
    ),
)
