# SPDX-License-Identifier: Apache-2.0
"""Models of ExecuTorch's own Cortex-M tests, for which it publishes figures.

Each factory returns (module, example inputs), as `cortex_m_model` expects it.
"""

import torch
from torch import Tensor, nn

Model = tuple[nn.Module, tuple[Tensor, ...]]


def conv2d_x3() -> Model:
    """Three 3x3 convolutions without bias on 8x8: 161,280 multiply-accumulates.

    The test case `conv2d_x3` of ExecuTorch's backends/cortex_m/test/ops/test_conv.py: its
    layers, its input (a ramp from 0 to 10), PyTorch's default initialisation.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(61)
        layers = nn.Sequential(
            nn.Conv2d(3, 8, 3, padding=1, bias=False),
            nn.Conv2d(8, 16, 3, padding=1, bias=False),
            nn.Conv2d(16, 8, 3, padding=1, bias=False),
        )
    ramp = torch.linspace(0, 10, 3 * 8 * 8).reshape(1, 3, 8, 8)
    return layers.eval(), (ramp.to(memory_format=torch.channels_last),)
