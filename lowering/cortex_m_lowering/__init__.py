# SPDX-License-Identifier: Apache-2.0
"""Lower a PyTorch model to an int8 ExecuTorch program for one Cortex-M core and ISA.

`lower(LoweringRequest(...))` is the whole API; `python -m cortex_m_lowering` is its
command line. Importing the package is cheap: torch is imported by `lower`.
"""

from cortex_m_lowering.errors import LoweringError
from cortex_m_lowering.pipeline import lower
from cortex_m_lowering.request import LoweringRequest

__all__ = ["LoweringError", "LoweringRequest", "lower"]
