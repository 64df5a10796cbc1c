# SPDX-License-Identifier: Apache-2.0
"""A model whose import leaves torch in another state than it was in."""

import torch


class Net(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = torch.nn.Linear(8, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.linear(x))


def net() -> tuple[torch.nn.Module, tuple]:
    torch.manual_seed(5)
    made = Net().eval(), (torch.randn(1, 8),)
    torch.manual_seed(torch.seed())
    torch.set_default_dtype(torch.float64)
    torch.set_flush_denormal(True)
    torch.nn.Linear.reset_parameters = lambda self: self.weight.data.fill_(0.5)
    return made
