# SPDX-License-Identifier: Apache-2.0
"""Settings under which every run, on every x86-64 machine, gives the same bytes."""

import os
import random

_SEED = 0

# Each library picks kernels by the CPU it finds, and those round differently: float
# activations, hence calibrated scales, would depend on the machine that lowers.
_SAME_KERNELS_EVERYWHERE = {
    "ATEN_CPU_CAPABILITY": "default",
    "MKL_CBWR": "COMPATIBLE",
    "ONEDNN_MAX_CPU_ISA": "SSE41",
}


def pin_kernels() -> None:
    """Pin CPU kernels.

    The libraries read the environment when they first compute: a process that has used
    torch before keeps the kernels it has.
    """
    os.environ.update(_SAME_KERNELS_EVERYWHERE)


def make_deterministic() -> None:
    """Pin CPU kernels, threads and seeds."""
    pin_kernels()

    import numpy
    import torch

    torch.set_num_threads(1)
    random.seed(_SEED)
    numpy.random.seed(_SEED)
    torch.manual_seed(_SEED)
