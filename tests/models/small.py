# SPDX-License-Identifier: Apache-2.0
"""Small networks, each for one thing the MLPerf Tiny networks do not have.

Each factory returns (module, example inputs), as `cortex_m_model` expects it.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.models.randomize import randomized, uniform

Model = tuple[nn.Module, tuple[Tensor, ...]]


def padded_pools() -> Model:
    """Average pools with and without counted padding, and a strided max pool."""
    layers = nn.Sequential(
        nn.Conv2d(3, 8, 3),
        nn.AvgPool2d(3, stride=2, padding=1),
        nn.MaxPool2d(3, stride=2, padding=1),
        nn.AvgPool2d(2, stride=1, padding=1, count_include_pad=False),
    )
    return randomized(layers, seed=21), (uniform(31, 1, 3, 18, 14),)


def dilated() -> Model:
    """Dilated ordinary and depthwise convolutions."""
    layers = nn.Sequential(
        nn.Conv2d(4, 8, 3, padding=2, dilation=2),
        nn.ReLU(),
        nn.Conv2d(8, 8, (3, 2), padding=(3, 1), dilation=(3, 2), groups=8),
    )
    return randomized(layers, seed=22), (uniform(32, 1, 4, 12, 10),)


def grouped() -> Model:
    """Grouped convolution without bias, then a depth multiplier of two."""
    layers = nn.Sequential(
        nn.Conv2d(8, 12, 3, groups=4, bias=False),
        nn.ReLU(),
        nn.Conv2d(12, 24, 3, groups=12, bias=False, stride=2),
    )
    return randomized(layers, seed=23), (uniform(33, 1, 8, 11, 9),)


class _TwoInputs(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.left = nn.Linear(12, 6)
        self.right = nn.Linear(20, 6, bias=False)

    def forward(self, first: Tensor, second: Tensor) -> tuple[Tensor, Tensor]:
        left = self.left(first)
        right = self.right(second)
        return left + right, functional.relu(left)


def two_inputs() -> Model:
    """Two inputs, two outputs, a linear layer without bias, an addition."""
    return randomized(_TwoInputs(), seed=24), (uniform(34, 1, 12), uniform(35, 1, 20))


class _Explicit(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(2, 3, 3)

    def forward(self, image: Tensor) -> Tensor:
        padded = functional.pad(image, (1, 2, 0, 1), value=0.25)
        return self.conv(padded).clamp(-0.5, 0.75)


def padded_image() -> Model:
    """An explicit constant pad, a clamp, and an image as output."""
    return randomized(_Explicit(), seed=25), (uniform(36, 1, 2, 9, 7),)


class _Cumulative(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(8, 4)

    def forward(self, features: Tensor) -> Tensor:
        scores = self.linear(features)
        return torch.cumsum(scores, dim=1)


def unsupported() -> Model:
    """A cumulative sum, for which the Cortex-M backend has no operator."""
    return randomized(_Cumulative(), seed=26), (uniform(37, 1, 8),)


def contiguous_convolution() -> Model:
    """A convolution of an NCHW tensor, which the backend leaves in float."""
    layers = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU())
    return randomized(layers, seed=27), (uniform(38, 1, 3, 6, 6).contiguous(),)
