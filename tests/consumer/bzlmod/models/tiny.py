# SPDX-License-Identifier: Apache-2.0
"""A model of the user's own."""

import torch
from torch import nn


def tiny() -> tuple[nn.Module, tuple[torch.Tensor]]:
    """Two fully connected layers and one example input."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 4))
    return model.eval(), (torch.linspace(-1, 1, 8).reshape(1, 8),)
