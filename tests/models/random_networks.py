# SPDX-License-Identifier: Apache-2.0
"""Networks made up from a seed, for plans that nobody drew: branches, joins, odd sizes.

Each factory returns (module, example inputs), as `cortex_m_model` expects it.
"""

import random
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.models.randomize import randomized, uniform

Model = tuple[nn.Module, tuple[Tensor, ...]]


class _Block(nn.Module):
    """A convolution of a random kind with its activation; `channels` is what it makes."""

    def __init__(self, draw: random.Random, channels: int, *, same: bool = False) -> None:
        super().__init__()
        kind = draw.choice(("pointwise", "depthwise", "depthwise", "full"))
        size = 1 if kind == "pointwise" else draw.choice((3, 3, 3, 5))
        stride = 1 if same or kind == "pointwise" else draw.choice((1, 1, 2))
        depthwise = kind == "depthwise"
        self.channels = channels if same or depthwise else draw.choice((4, 7, 8, 12, 16, 24))
        self.conv = nn.Conv2d(
            channels,
            self.channels,
            size,
            stride=stride,
            padding=size // 2,
            groups=channels if depthwise else 1,
            bias=draw.random() < 0.5,
        )
        self.norm = nn.BatchNorm2d(self.channels) if draw.random() < 0.5 else nn.Identity()
        self.act = draw.choice((nn.ReLU, nn.ReLU, nn.ReLU6, nn.Hardswish, nn.Identity))()

    def forward(self, x: Tensor) -> Tensor:
        return self.act(self.norm(self.conv(x)))


class _Residual(nn.Module):
    """x + f(x)."""

    def __init__(self, draw: random.Random, channels: int) -> None:
        super().__init__()
        self.channels = channels
        self.blocks = nn.Sequential(
            *(_Block(draw, channels, same=True) for _ in range(draw.randint(1, 2)))
        )

    def forward(self, x: Tensor) -> Tensor:
        return x + self.blocks(x)


class _Fork(nn.Module):
    """Two branches side by side, one after the other in memory or multiplied."""

    def __init__(self, draw: random.Random, channels: int) -> None:
        super().__init__()
        self.left = _Block(draw, channels, same=True)
        self.right = _Block(draw, channels, same=True)
        self.gated = draw.random() < 0.3
        self.channels = channels if self.gated else 2 * channels

    def forward(self, x: Tensor) -> Tensor:
        left, right = self.left(x), self.right(x)
        if self.gated:
            return left * torch.sigmoid(right)
        return torch.cat((left, right), dim=1)


class _Pool(nn.Module):
    """A maximum or an average of 2 x 2 or 3 x 3."""

    def __init__(self, draw: random.Random, channels: int) -> None:
        super().__init__()
        self.channels = channels
        kernel = draw.choice((2, 3))
        self.pool = draw.choice((nn.MaxPool2d, nn.AvgPool2d))(kernel, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        return self.pool(x)


class _Network(nn.Module):
    def __init__(self, draw: random.Random, channels: int) -> None:
        super().__init__()
        kinds: tuple[Callable[..., nn.Module], ...] = (_Block, _Block, _Residual, _Fork)
        layers: list[nn.Module] = []
        for at in range(draw.randint(4, 6)):
            pooled = at == 2 or draw.random() < 0.1
            layers.append((_Pool if pooled else draw.choice(kinds))(draw, channels))
            channels = layers[-1].channels
        self.layers = nn.Sequential(*layers)
        self.classifier = nn.Linear(channels, draw.randint(3, 17))

    def forward(self, image: Tensor) -> Tensor:
        x = self.layers(image)
        return self.classifier(functional.adaptive_avg_pool2d(x, 1).flatten(1))


def _network(seed: int) -> Model:
    draw = random.Random(seed)
    channels = draw.choice((1, 3, 4, 8))
    shape = (1, channels, draw.randint(13, 24), draw.randint(13, 24))
    return randomized(_Network(draw, channels), seed=seed), (uniform(100 + seed, *shape),)


def random_1() -> Model:
    """A fork at the start, then ever fewer pixels and more channels."""
    return _network(1)


def random_5() -> Model:
    """Two forks and a residual."""
    return _network(5)


def random_10() -> Model:
    """One channel, two pools, a residual on either side of a fork."""
    return _network(10)


def random_12() -> Model:
    """Eight channels, a residual, a fork, and a channel count that is a multiple of nothing."""
    return _network(12)
