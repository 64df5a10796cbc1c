# SPDX-License-Identifier: Apache-2.0
"""Randomized kernel cases with the results of ExecuTorch's Python operators."""

import logging
import os

# As the lowering pins them (determinism.py), before torch computes for the first time: the order
# in which torch adds floats depends on the instructions it finds.
os.environ.update(ATEN_CPU_CAPABILITY="default", MKL_CBWR="COMPATIBLE", ONEDNN_MAX_CPU_ISA="SSE41")

# The packages behind the operators report, while they load, optional libraries they lack.
logging.disable(logging.WARNING)
