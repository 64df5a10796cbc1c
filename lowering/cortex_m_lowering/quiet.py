# SPDX-License-Identifier: Apache-2.0
"""Keeps notices of torch, torchao and executorch to their developers off the user's screen."""

import logging
import os
import warnings


def quiet_libraries() -> None:
    """Silence warnings and logs; torch reads its part of that when it is imported."""
    os.environ.setdefault("TORCH_LOGS", "-all")
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
