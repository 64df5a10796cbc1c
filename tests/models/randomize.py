# SPDX-License-Identifier: Apache-2.0
"""Random weights that keep a deep network's activations alive.

Default initialisation with identity batch norms lets signals fade or saturate layer by
layer; a bit-exactness test on constant zeros proves nothing.
"""

import torch
from torch import nn


def randomized(module: nn.Module, seed: int) -> nn.Module:
    """The module in inference mode with seeded weights and batch norm statistics."""
    generator = torch.Generator().manual_seed(seed)
    for layer in module.modules():
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            fan_in = layer.weight[0].numel()
            layer.weight.data = torch.randn(layer.weight.shape, generator=generator)
            layer.weight.data *= (2.0 / fan_in) ** 0.5
            if layer.bias is not None:
                layer.bias.data = 0.2 * torch.randn(layer.bias.shape, generator=generator)
        elif isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)):
            shape = layer.weight.shape
            layer.weight.data = 0.75 + 0.5 * torch.rand(shape, generator=generator)
            layer.bias.data = 0.3 * torch.randn(shape, generator=generator)
            layer.running_mean = 0.2 * torch.randn(shape, generator=generator)
            layer.running_var = 0.5 + torch.rand(shape, generator=generator)
    return module.eval()


def uniform(seed: int, *shape: int) -> torch.Tensor:
    """A seeded tensor with values in [-1, 1), channels-last when it is an image."""
    value = torch.rand(shape, generator=torch.Generator().manual_seed(seed)) * 2 - 1
    return value.to(memory_format=torch.channels_last) if len(shape) == 4 else value
