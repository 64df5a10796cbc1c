# SPDX-License-Identifier: Apache-2.0
"""Another model of the same name; its weights come from torch as it is."""

import torch


class Net(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = torch.nn.Linear(8, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(torch.relu(x))


def net() -> tuple[torch.nn.Module, tuple]:
    return Net().eval(), (torch.randn(1, 8),)
