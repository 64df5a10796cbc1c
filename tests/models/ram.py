# SPDX-License-Identifier: Apache-2.0
"""Networks whose peak of RAM depends on what the plan makes of them.

Each factory returns (module, example inputs), as `cortex_m_model` expects it.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.models.randomize import randomized, uniform

Model = tuple[nn.Module, tuple[Tensor, ...]]


class _Branches(nn.Module):
    """Branches that are wide inside and narrow at their ends, all begun before one is finished."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.widen = nn.ModuleList(nn.Conv2d(8, 32, 3, padding=1) for _ in range(3))
        self.narrow = nn.ModuleList(nn.Conv2d(32, 4, 3, stride=2, padding=1) for _ in range(3))
        self.relu = nn.ReLU()
        self.classifier = nn.Linear(4, 10)

    def forward(self, image: Tensor) -> Tensor:
        stem = self.relu(self.stem(image))
        wide = [self.relu(layer(stem)) for layer in self.widen]
        first, second, third = (
            layer(branch) for layer, branch in zip(self.narrow, wide, strict=True)
        )
        joined = first + second + third
        return self.classifier(functional.adaptive_avg_pool2d(joined, 1).flatten(1))


def branches() -> Model:
    """Three branches written breadth first: depth first, one wide tensor lives at a time."""
    return randomized(_Branches(), seed=81), (uniform(91, 1, 3, 32, 32),)


class _Padded(nn.Module):
    """As TensorFlow pads "same" before a stride of 2: below and to the right alone, or more."""

    def __init__(self) -> None:
        super().__init__()
        self.pad = nn.ZeroPad2d((0, 1, 0, 1))
        self.stem = nn.Conv2d(3, 8, 3, stride=2, bias=False)
        self.norm = nn.BatchNorm2d(8)
        self.depthwise = nn.Conv2d(8, 8, 3, stride=2, groups=8)
        self.relu6 = nn.ReLU6()
        self.pointwise = nn.Conv2d(8, 16, 1)
        self.classifier = nn.Linear(16, 10)

    def forward(self, image: Tensor) -> Tensor:
        x = self.relu6(self.norm(self.stem(self.pad(image))))
        x = self.relu6(self.depthwise(self.pad(x)))
        x = torch.clamp(self.pointwise(x), -0.5, 1.5)
        return self.classifier(functional.adaptive_avg_pool2d(x, 1).flatten(1))


def padded() -> Model:
    """MobileNet's first layers with padding of their own and bounded activations."""
    return randomized(_Padded(), seed=82), (uniform(92, 1, 3, 32, 32),)
