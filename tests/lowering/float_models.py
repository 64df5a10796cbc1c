# SPDX-License-Identifier: Apache-2.0
"""Models that keep float compute, for a reason each."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.models.randomize import randomized, uniform

Model = tuple[nn.Module, tuple[Tensor, ...]]


class _Vectors(nn.Module):
    """Operators on vectors; each line stays in float for another reason."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(8, 8)
        self.norm = nn.LayerNorm(8)
        self.register_buffer("two", torch.full((2, 8), 2.0))

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        y = self.linear(x)
        return (
            functional.leaky_relu(y),
            functional.relu6(y),
            y / y.sum(dim=1, keepdim=True),
            y * 2.0,
            y * self.two,  # becomes int8
            self.norm(y),
            functional.softmax(y, dim=0),
        )


def vectors() -> Model:
    return randomized(_Vectors(), seed=51), (uniform(61, 2, 8),)


class _Images(nn.Module):
    """Convolutions and pools that the quantizer refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.same = nn.Conv2d(4, 4, 3, padding="same")
        self.up = nn.ConvTranspose2d(4, 4, 2, stride=2, output_padding=1)

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        y = self.conv(image)
        return (
            self.same(y),
            self.up(y),
            functional.avg_pool2d(y, 2, divisor_override=3),
        )


def images() -> Model:
    return randomized(_Images(), seed=52), (uniform(62, 1, 3, 8, 8),)


def nchw_image() -> Model:
    layers = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.AvgPool2d(2))
    return randomized(layers, seed=53), (uniform(63, 1, 3, 8, 8).contiguous(),)


def one_dimensional() -> Model:
    layers = nn.Sequential(nn.Conv1d(3, 4, 3), nn.ReLU())
    return randomized(layers, seed=54), (uniform(64, 1, 3, 12),)


class _Embedded(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(16, 8)
        self.linear = nn.Linear(8, 4)

    def forward(self, tokens: Tensor) -> Tensor:
        return self.linear(self.table(tokens))


def moved() -> Model:
    """A table of float32 rows: moved, not computed with."""
    return randomized(_Embedded(), seed=55), (torch.tensor([[1, 2, 3]]),)
