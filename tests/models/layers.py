# SPDX-License-Identifier: Apache-2.0
"""Networks for the comparison of float and int8, layer by layer."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.models.randomize import randomized, uniform

Model = tuple[nn.Module, tuple[Tensor, ...]]


class _Chain(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(16, 24)
        self.bad = nn.Linear(24, 12)
        self.last = nn.Linear(12, 8)

    def forward(self, features: Tensor) -> Tensor:
        x = functional.relu(self.first(features))
        return self.last(torch.tanh(self.bad(x)))


def one_bad_channel() -> Model:
    """Three linear layers; one output of the second has weights 300 times too large."""
    model = randomized(_Chain(), seed=51)
    with torch.no_grad():
        model.bad.weight[3] *= 300
    return model, (uniform(61, 1, 16),)


class _SqueezeExcite(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(8)
        self.act = nn.Hardswish()
        self.squeeze = nn.Conv2d(8, 8, 1)
        self.gate = nn.Conv2d(8, 8, 1)
        self.classifier = nn.Linear(8, 5)

    def forward(self, image: Tensor) -> Tensor:
        x = self.act(self.norm(self.conv(image)))
        gate = functional.relu(self.squeeze(functional.adaptive_avg_pool2d(x, 1)))
        x = x * functional.hardsigmoid(self.gate(gate))
        return self.classifier(x.mean((2, 3)))


def squeeze_excite() -> Model:
    """Batch norm, hardswish, hardsigmoid and means, which the backend rewrites."""
    return randomized(_SqueezeExcite(), seed=52), (uniform(62, 1, 3, 8, 8),)
