# SPDX-License-Identifier: Apache-2.0
"""A multilayer perceptron for 8x8 images of handwritten digits."""

import torch
from torch import Tensor, nn


class DigitsMLP(nn.Module):
    """64 pixels, two hidden layers, ten scores: about 3,000 weights."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(),
            nn.Linear(64, 32),
            nn.ReLU(),
            nn.Linear(32, 16),
            nn.ReLU(),
            nn.Linear(16, 10),
        )

    def forward(self, image: Tensor) -> Tensor:
        return self.layers(image)


def mlp() -> tuple[nn.Module, tuple[Tensor]]:
    """The model and one example input: one image of 8x8 pixels in [0, 1]."""
    return DigitsMLP(), (torch.linspace(0, 1, 64).reshape(1, 1, 8, 8),)
