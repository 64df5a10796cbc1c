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


class _Maximum(nn.Module):
    def __init__(self, zeros: Tensor | None = None) -> None:
        super().__init__()
        self.linear = nn.Linear(8, 8)
        self.register_buffer("zeros", zeros)

    def forward(self, x: Tensor) -> Tensor:
        y = self.linear(x)
        return torch.maximum(y, torch.zeros_like(y) if self.zeros is None else self.zeros)


class _Comparing(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(8, 8)

    def forward(self, x: Tensor) -> Tensor:
        return torch.where(self.linear(x) > 0.25, x, x + x)


class _FarApart(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return (x + x) + x * 1e25


class _MixedProduct(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(8, 8)

    def forward(self, x: Tensor) -> Tensor:
        return torch.bmm(self.linear(x), x.transpose(1, 2))


class _EmptySlice(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x, x[:, 3:3]], dim=1)


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


def raw_zeros():
    """Upstream's passes turn zeros_like into raw int8 zeros."""
    torch.manual_seed(1)
    return _Maximum(), _inputs()


def quantized_zeros():
    """The same with a buffer, whose zeros are quantized."""
    torch.manual_seed(1)
    return _Maximum(torch.zeros(1, 8)), _inputs()


def raw_comparison():
    """Upstream's passes compare the raw int8 with 0.25."""
    torch.manual_seed(1)
    return _Comparing(), _inputs()


def infinite_weights():
    model = nn.Linear(8, 2)
    model.weight.data[0, 0] = float("inf")
    return model, _inputs()


def overflowing():
    """Finite weights, but what they compute is not."""
    torch.manual_seed(1)
    model = nn.Sequential(nn.Linear(8, 8), nn.Linear(8, 8))
    for layer in model:
        layer.weight.data *= 1e30
    return model, _inputs()


def overflowing_bias():
    """2^31 steps of input scale x weight scale are less than the bias."""
    torch.manual_seed(1)
    model = nn.Sequential(nn.Linear(8, 8))
    model[0].weight.data *= 1e-6
    model[0].bias.data.fill_(100)
    return model, _inputs()


def scales_too_far_apart():
    return _FarApart(), _inputs()


def mixed_product():
    """Upstream traces the linear as int32, which bmm does not take beside int8."""
    return _MixedProduct(), (torch.rand(2, 3, 8),)


def empty_input():
    return nn.Linear(8, 2), (torch.zeros(0, 8),)


def empty_slice():
    return _EmptySlice(), _inputs()


def empty_constant():
    model = nn.Linear(8, 2, bias=False)
    model.weight = nn.Parameter(torch.zeros(0, 8))
    return model, _inputs()


def unread_empty_buffer():
    model = nn.Linear(8, 2)
    model.register_buffer("unread", torch.zeros(0, 3))
    return model, _inputs()


def padded_in_rank_five():
    return nn.ConstantPad1d(1, 0.5), (torch.rand(1, 2, 2, 3, 8),)
