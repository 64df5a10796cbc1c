# SPDX-License-Identifier: Apache-2.0
"""Calls that another call does as well, to the bit.

fuse       tries every rule on every call, as long as the memory holds
uses       who writes and who reads the results of a program
padding    a pad into the padding of the windows that read it
bounds     a clamp, or an extremum with a constant, into the bounds of what writes its input
table      a few operators in float32 between integers into a table of 256 results
"""

from cortex_m_plan.fusion.fuse import fuse

__all__ = ["fuse"]
