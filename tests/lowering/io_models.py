# SPDX-License-Identifier: Apache-2.0
"""Models for the boundary between application and program: what is int8 there, and what is not."""

import torch
from torch import Tensor, nn

from tests.models.randomize import randomized, uniform

Model = tuple[nn.Module, tuple[Tensor, ...]]


class _LookedUp(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(16, 8)
        self.tokens = nn.Linear(8, 4)
        self.features = nn.Linear(6, 4)

    def forward(self, tokens: Tensor, features: Tensor) -> tuple[Tensor, Tensor]:
        return self.tokens(self.table(tokens)) + self.features(features), tokens.flip(1)


def looked_up() -> Model:
    """Indices in and out beside float tensors."""
    tokens = torch.tensor([[1, 2, 3]])
    return randomized(_LookedUp(), seed=71), (tokens, uniform(81, 1, 3, 6))


class _Residual(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        y = x + self.linear(x)
        return y, y + x


def residual() -> Model:
    """An input with several readers, an output that is read too."""
    return randomized(_Residual(), seed=72), (uniform(82, 1, 6),)


def normalised_first() -> Model:
    layers = nn.Sequential(nn.LayerNorm(6), nn.Linear(6, 4))
    return randomized(layers, seed=73), (uniform(83, 1, 6),)


def normalised_last() -> Model:
    layers = nn.Sequential(nn.Linear(6, 4), nn.LayerNorm(4))
    return randomized(layers, seed=74), (uniform(84, 1, 6),)


class _HandedBack(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(6, 4)

    def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        return self.linear(x), y


def handed_back() -> Model:
    """An input that nothing but an output reads."""
    return randomized(_HandedBack(), seed=75), (uniform(85, 1, 6), uniform(86, 1, 6))


class _Unread(_HandedBack):
    def forward(self, x: Tensor, unused: Tensor) -> Tensor:
        return self.linear(x)


def unread() -> Model:
    return randomized(_Unread(), seed=76), (uniform(87, 1, 6), uniform(88, 1, 6))


class _Comparing(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        return torch.where(x > 0.25, self.linear(x), x)


def compared_input() -> Model:
    """A comparison of an input with a number, which has to be quantized like the input."""
    return randomized(_Comparing(), seed=77), (uniform(89, 1, 6),)


class _Twice(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(6, 4)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        y = self.linear(x)
        return y, y


def returned_twice() -> Model:
    return randomized(_Twice(), seed=78), (uniform(90, 1, 6),)


class _Constant(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(6, 4)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return self.linear(x), self.linear.bias


def returns_its_bias() -> Model:
    return randomized(_Constant(), seed=79), (uniform(91, 1, 6),)
