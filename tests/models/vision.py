# SPDX-License-Identifier: Apache-2.0
"""Blocks of well-known vision networks, small enough to run on every core.

Each factory returns (module, example inputs), as `cortex_m_model` expects it.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.models.randomize import randomized, uniform

Model = tuple[nn.Module, tuple[Tensor, ...]]


def _unit(
    inputs: int, outputs: int, kernel: int, activation: nn.Module, **options: int
) -> nn.Sequential:
    """Convolution that keeps the size (or halves it, with stride 2), batch norm, activation."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False, **options),
        nn.BatchNorm2d(outputs),
        activation,
    )


class _InvertedResidual(nn.Module):
    """MobileNetV2's block: expand, depthwise, project without activation, add."""

    def __init__(self, inputs: int, outputs: int, stride: int, expansion: int = 4) -> None:
        super().__init__()
        hidden = expansion * inputs
        self.adds = stride == 1 and inputs == outputs
        self.layers = nn.Sequential(
            _unit(inputs, hidden, 1, nn.ReLU6()),
            _unit(hidden, hidden, 3, nn.ReLU6(), stride=stride, groups=hidden),
            _unit(hidden, outputs, 1, nn.Identity()),
        )

    def forward(self, image: Tensor) -> Tensor:
        projected = self.layers(image)
        return image + projected if self.adds else projected


def mobilenet_v2_block() -> Model:
    """A stem, an inverted residual with and one without the addition, a classifier."""
    layers = nn.Sequential(
        _unit(3, 8, 3, nn.ReLU6(), stride=2),
        _InvertedResidual(8, 8, stride=1),
        _InvertedResidual(8, 12, stride=2),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(12, 10),
    )
    return randomized(layers, seed=41), (uniform(51, 1, 3, 24, 24),)


class _SqueezeExcite(nn.Module):
    """A factor in [0, 1] for each channel, made from the channels' averages."""

    def __init__(self, channels: int, squeezed: int) -> None:
        super().__init__()
        self.average = nn.AdaptiveAvgPool2d(1)
        self.squeeze = nn.Conv2d(channels, squeezed, 1)
        self.excite = nn.Conv2d(squeezed, channels, 1)

    def forward(self, image: Tensor) -> Tensor:
        factors = functional.relu(self.squeeze(self.average(image)))
        return image * functional.hardsigmoid(self.excite(factors))


class _SqueezedBottleneck(nn.Module):
    """MobileNetV3's block: expand, depthwise 5x5, squeeze-excite, project, add."""

    def __init__(self, channels: int, hidden: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            _unit(channels, hidden, 1, nn.Hardswish()),
            _unit(hidden, hidden, 5, nn.Hardswish(), groups=hidden),
            _SqueezeExcite(hidden, hidden // 4),
            _unit(hidden, channels, 1, nn.Identity()),
        )

    def forward(self, image: Tensor) -> Tensor:
        return image + self.layers(image)


def mobilenet_v3_block() -> Model:
    """A stem with hardswish, a bottleneck with squeeze-excite, a classifier."""
    layers = nn.Sequential(
        _unit(3, 8, 3, nn.Hardswish(), stride=2),
        _SqueezedBottleneck(8, 32),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(8, 16),
        nn.Hardswish(),
        nn.Linear(16, 10),
    )
    return randomized(layers, seed=42), (uniform(52, 1, 3, 16, 16),)


class _UNet(nn.Module):
    """One level of a U-Net: down, up by a transposed convolution, and the skip beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.encode = nn.Conv2d(3, 8, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.bottom = nn.Conv2d(8, 16, 3, padding=1)
        self.up = nn.ConvTranspose2d(16, 8, 2, stride=2)
        self.decode = nn.Conv2d(16, 8, 3, padding=1)
        self.classify = nn.Conv2d(8, 4, 1)
        self.relu = nn.ReLU()

    def forward(self, image: Tensor) -> Tensor:
        skip = self.relu(self.encode(image))
        deep = self.relu(self.bottom(self.pool(skip)))
        joined = torch.cat([self.relu(self.up(deep)), skip], dim=1)
        return self.classify(self.relu(self.decode(joined)))


def unet_block() -> Model:
    """Pixel-wise scores of four classes: transposed convolution and concatenation."""
    return randomized(_UNet(), seed=43), (uniform(53, 1, 3, 16, 16),)
