# SPDX-License-Identifier: Apache-2.0
"""Between arrays in memory order and torch tensors of logical NCHW shape."""

from __future__ import annotations

import numpy as np
import torch


def from_nhwc(array: np.ndarray) -> torch.Tensor:
    """A channels-last tensor of NCHW shape."""
    tensor = torch.from_numpy(array).permute(0, 3, 1, 2)
    return tensor.contiguous(memory_format=torch.channels_last)


def to_nhwc(tensor: torch.Tensor) -> np.ndarray:
    """The tensor's elements in NHWC order."""
    return tensor.permute(0, 2, 3, 1).contiguous().numpy()
