# SPDX-License-Identifier: Apache-2.0
"""Randomized kernel cases with the results of ExecuTorch's Python operators."""

import logging

# The packages behind the operators report, while they load, optional libraries they lack.
logging.disable(logging.WARNING)
