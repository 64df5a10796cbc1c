# SPDX-License-Identifier: Apache-2.0
"""A small convolutional network for 8x8 images of handwritten digits."""

import torch
from torch import Tensor, nn


class DigitsNet(nn.Module):
    """Depthwise-separable stem, one convolution, one linear layer: about 8,000 weights."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, 16, kernel_size=3, padding=1)
        self.depthwise = nn.Conv2d(16, 16, kernel_size=3, padding=1, groups=16)
        self.pointwise = nn.Conv2d(16, 16, kernel_size=1)
        self.pool = nn.MaxPool2d(2)
        self.conv = nn.Conv2d(16, 32, kernel_size=3, padding=1)
        self.average = nn.AvgPool2d(2)
        self.classifier = nn.Linear(128, 10)
        self.relu = nn.ReLU()

    def forward(self, image: Tensor) -> Tensor:
        x = self.relu(self.stem(image))
        x = self.relu(self.depthwise(x))
        x = self.relu(self.pointwise(x))
        x = self.pool(x)
        x = self.relu(self.conv(x))
        x = self.average(x)
        return self.classifier(torch.flatten(x, 1))


def digits() -> tuple[nn.Module, tuple[Tensor]]:
    """The model and one example input: one image of 8x8 pixels in [0, 1], channels last."""
    image = torch.linspace(0, 1, 64).reshape(1, 1, 8, 8)
    return DigitsNet(), (image.to(memory_format=torch.channels_last),)
