# SPDX-License-Identifier: Apache-2.0
"""Blocks that ExecuTorch's quantizer leaves partly in float, each for another reason.

Each factory returns (module, example inputs), as `cortex_m_model` expects it; the model has to
name what stays float in `allow_float`.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.models.randomize import randomized, uniform

Model = tuple[nn.Module, tuple[Tensor, ...]]


class _FeedForward(nn.Module):
    """A transformer's feed-forward half, normalised first."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.expand = nn.Linear(width, 2 * width)
        self.reduce = nn.Linear(2 * width, width)

    def forward(self, tokens: Tensor) -> Tensor:
        hidden = functional.gelu(self.expand(self.norm(tokens)))
        return tokens + self.reduce(hidden)


def feed_forward() -> Model:
    """Layer normalisation, for which the quantizer has no pattern."""
    return randomized(_FeedForward(16), seed=71), (uniform(81, 1, 12, 16),)


class _Upsampled(nn.Module):
    """A decoder's step: enlarge twice, then convolve."""

    def __init__(self) -> None:
        super().__init__()
        self.encode = nn.Conv2d(3, 8, 3, padding=1, stride=2)
        self.decode = nn.Conv2d(8, 4, 3, padding=1)

    def forward(self, image: Tensor) -> Tensor:
        small = functional.relu(self.encode(image))
        return self.decode(functional.interpolate(small, scale_factor=2, mode="bilinear"))


def upsampled() -> Model:
    """Bilinear interpolation between quantized convolutions."""
    return randomized(_Upsampled(), seed=72), (uniform(82, 1, 3, 12, 12),)


def conv1d() -> Model:
    """1-D convolutions, which the default layout leaves in float, and a quantized linear layer."""
    layers = nn.Sequential(
        nn.Conv1d(8, 12, 5, stride=2, padding=2),
        nn.ReLU(),
        nn.Conv1d(12, 12, 3, padding=1),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(12 * 16, 10),
    )
    return randomized(layers, seed=73), (uniform(83, 1, 8, 32),)


class _Recurrent(nn.Module):
    """Two steps of torch's own cell."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.LSTMCell(12, 16)
        self.head = nn.Linear(16, 6)

    def forward(self, steps: Tensor) -> Tensor:
        state = None
        for step in range(steps.shape[0]):
            state = self.cell(steps[step], state)
        return self.head(state[0])


def recurrent() -> Model:
    """nn.LSTMCell, which is one operator when the quantizer looks."""
    module = _Recurrent()
    generator = torch.Generator().manual_seed(74)
    for weight in module.parameters():
        weight.data = 0.5 * torch.randn(weight.shape, generator=generator)
    return module.eval(), (uniform(84, 2, 1, 12),)
