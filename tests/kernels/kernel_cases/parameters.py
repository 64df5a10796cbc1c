# SPDX-License-Identifier: Apache-2.0
"""A case's parameters with the types they have in a plan."""

from __future__ import annotations

from collections.abc import Mapping

from cortex_m_plan.broadcast import Broadcast
from cortex_m_plan.layout import Dims
from cortex_m_plan.step import Field


def as_planned(params: Mapping[str, object]) -> dict[str, Field]:
    """Shapes as the plan has them, the rest as it is."""
    return {
        name: Dims(*value)
        if name in ("input", "filter", "output")
        else Broadcast(*value)
        if name == "shape"
        else value
        for name, value in params.items()
    }
