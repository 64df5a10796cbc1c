# SPDX-License-Identifier: Apache-2.0
"""Blocks of networks for sequences, small enough to run on every core.

Each factory returns (module, example inputs), as `cortex_m_model` expects it.
"""

import torch
from torch import Tensor, nn

from tests.models.randomize import randomized, uniform

Model = tuple[nn.Module, tuple[Tensor, ...]]


class _SelfAttention(nn.Module):
    """Multi-head self-attention and the residual addition around it.

    Query, key and value are layers of their own: cut out of one, they would share its scale.
    They have no bias: ExecuTorch 1.5.1 refuses a batched product of a layer that has one. The
    scores are scaled in the query's weights: a multiplication by a number would stay in float.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width, bias=False)
        self.project = nn.Linear(width, width)

    def _split(self, tokens: Tensor) -> Tensor:
        """(1, steps, width) -> (heads, steps, width / heads)."""
        _, steps, width = tokens.shape
        return tokens.reshape(steps, self.heads, width // self.heads).permute(1, 0, 2)

    def forward(self, tokens: Tensor) -> Tensor:
        query = self._split(self.query(tokens))
        key = self._split(self.key(tokens))
        value = self._split(self.value(tokens))
        scores = torch.bmm(query, key.transpose(1, 2))
        mixed = torch.bmm(torch.softmax(scores, dim=-1), value)
        return tokens + self.project(mixed.permute(1, 0, 2).reshape(tokens.shape))


def self_attention() -> Model:
    """Two heads over twelve tokens of width 16: batched products and softmax."""
    module = randomized(_SelfAttention(16, heads=2), seed=44)
    module.query.weight.data *= (16 // module.heads) ** -0.5
    return module, (uniform(54, 1, 12, 16),)


class _LSTMCell(nn.Module):
    """One step of an LSTM, written out: ExecuTorch quantizes nothing inside nn.LSTMCell."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__()
        self.from_input = nn.Linear(inputs, 4 * hidden)
        self.from_hidden = nn.Linear(hidden, 4 * hidden, bias=False)

    def forward(self, features: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor]:
        gates = self.from_input(features) + self.from_hidden(hidden)
        take, forget, candidate, give = gates.chunk(4, dim=1)
        kept = torch.sigmoid(forget) * cell
        cell = kept + torch.sigmoid(take) * torch.tanh(candidate)
        return torch.sigmoid(give) * torch.tanh(cell), cell


def lstm_cell() -> Model:
    """Twelve features, sixteen units; inputs and outputs carry the state."""
    inputs = (uniform(55, 1, 12), uniform(56, 1, 16), uniform(57, 1, 16))
    return randomized(_LSTMCell(12, 16), seed=45), inputs


class _Wav2Letter(nn.Module):
    """1-D convolutions written as 2-D ones over one row: nn.Conv1d would stay in float."""

    def __init__(self, features: int, letters: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            *self._unit(features, 24, 12, stride=2),
            *self._unit(24, 24, 7),
            *self._unit(24, 24, 7),
            *self._unit(24, 48, 8),
            *self._unit(48, 48, 1),
            nn.Conv2d(48, letters, 1),
        )

    @staticmethod
    def _unit(inputs: int, outputs: int, kernel: int, stride: int = 1) -> list[nn.Module]:
        padding = (0, (kernel - 1) // 2)
        return [nn.Conv2d(inputs, outputs, (1, kernel), (1, stride), padding), nn.ReLU()]

    def forward(self, features: Tensor) -> Tensor:
        scores = self.layers(features)
        return torch.softmax(scores.squeeze(2).transpose(1, 2), dim=-1)


def wav2letter() -> Model:
    """Probabilities of 29 letters from 13 coefficients over 64 frames: a narrow wav2letter."""
    return randomized(_Wav2Letter(13, 29), seed=46), (uniform(58, 1, 13, 1, 64),)
