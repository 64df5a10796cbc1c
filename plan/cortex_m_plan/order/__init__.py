# SPDX-License-Identifier: Apache-2.0
"""The calls in another order, where that lowers the peak of live bytes.

graph      a program as a graph: which call has to wait for which, and which bytes live how long
memory     the graph of a program that has been spread
search     the order with the least peak
reorder    the program with its calls in that order
"""

from cortex_m_plan.order.reorder import Ordered, reorder

__all__ = ["Ordered", "reorder"]
