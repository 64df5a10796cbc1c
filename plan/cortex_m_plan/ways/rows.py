# SPDX-License-Identifier: Apache-2.0
"""Ways of the kernels that go over rows and read each more than once: linear layers, softmax."""

from collections.abc import Mapping

from cortex_m_plan.step import Field
from cortex_m_plan.ways.way import Clause, Way


def linear(parameters: Mapping[str, Field]) -> tuple[Way, ...]:
    """A row is read for each of its outputs, or for several at once."""
    inputs, outputs = parameters["in_features"], parameters["out_features"]
    last = parameters["rows"] - 1
    return (Way(clauses={"input": (Clause(max(0, last * (outputs - inputs)) + outputs - 1),)}),)


def softmax(parameters: Mapping[str, Field]) -> tuple[Way, ...]:
    """A row is read for its maximum and its sum before any of it is written.

    A row with a result near a tie is computed anew when some of it has been written. Rows that lie
    in one another (`inner`) are read one after the other.
    """
    return (Way(clauses={"input": (Clause((parameters["count"] - 1) * parameters["inner"]),)}),)
