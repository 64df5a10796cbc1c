# SPDX-License-Identifier: Apache-2.0
"""Ways of quantized_linear_folded.c in kernels/src/mve."""

from collections.abc import Mapping

from cortex_m_plan.step import Field
from cortex_m_plan.ways.way import Clause, Way

_TOGETHER = 8
"""Outputs that are written at once; the last four or fewer are as well."""


def folded(parameters: Mapping[str, Field]) -> tuple[Way, ...]:
    """Row by row, each read for every eight outputs."""
    inputs, outputs = parameters["in_features"], parameters["out_features"]
    # Outputs of a row that are written when it is read last.
    done = (outputs - 1) // _TOGETHER * _TOGETHER
    rows = range(parameters["rows"])
    distances = [row * (outputs - inputs) + done for row in rows if row or done]
    distance = max(distances, default=-len(rows) * inputs)
    return (Way(0, "1 row x 8 outputs", 0, {"input": (Clause(distance),)}),)
