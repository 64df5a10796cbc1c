# SPDX-License-Identifier: Apache-2.0
"""Factories that are wrong, one way each."""

import torch
from torch import Tensor, nn

NOT_A_FUNCTION = 42


class _Branching(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        if x.sum() > 0:  # the line that cannot be captured
            return x + 1
        return x - 1


class _DataDependent(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.nonzero(x)  # as many rows as there are non-zero elements


class _Stateful(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("calls", torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        return x + self.calls


class _ReturnsANumber(nn.Module):
    def forward(self, x: Tensor) -> tuple[Tensor, int]:
        return x + x, 3


class _ChangesItsInput(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        x[:, 0] = 1
        return x + x


class _WrongPass(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(8, 8)

    def forward(self, x: Tensor) -> Tensor:
        y = self.linear(x)
        return torch.maximum(y, torch.zeros_like(y))


def _inputs() -> tuple[Tensor]:
    return (torch.linspace(-1, 1, 8).reshape(1, 8),)


def raises():
    return _broken_helper()


def _broken_helper():
    raise ValueError("no such layer: 17")


def not_a_pair():
    return nn.Linear(8, 2)


def not_a_module():
    return "linear", _inputs()


def inputs_not_a_tuple():
    return nn.Linear(8, 2), torch.zeros(1, 8)


def input_not_a_tensor():
    return nn.Linear(8, 2), (3,)


def wrong_input_shape():
    return nn.Linear(8, 2), (torch.zeros(1, 7),)


def unsupported_dtype():
    return nn.Linear(8, 2).double(), (torch.zeros(1, 8, dtype=torch.float64),)


def branching():
    return _Branching(), _inputs()


def data_dependent():
    return _DataDependent(), _inputs()


def stateful():
    return _Stateful(), _inputs()


def returns_a_number():
    return _ReturnsANumber(), _inputs()


def changes_its_input():
    return _ChangesItsInput(), _inputs()


def nan_weights():
    model = nn.Linear(8, 2)
    model.weight.data[1, 3] = float("nan")
    return model, _inputs()


def wrong_pass():
    """Upstream's passes turn zeros_like into raw int8 zeros."""
    torch.manual_seed(1)
    return _WrongPass(), _inputs()
