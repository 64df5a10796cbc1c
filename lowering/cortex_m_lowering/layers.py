# SPDX-License-Identifier: Apache-2.0
"""Layer by layer: what int8 makes of the float model's activations.

The float model and the lowered program run on the same samples. For every operator of the
program, signal is the float activation and noise the difference to it of the dequantized
integers:

    SNR = 10 * log10(sum(float ** 2) / sum((dequantized - float) ** 2))    in dB

Noise piles up from layer to layer. A layer's own noise is measured in a second run of the float
model in which every layer gets the program's dequantized activations as its inputs.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from cortex_m_lowering.executorch_adapter.boundary import Boundary
from cortex_m_lowering.executorch_adapter.float_twin import TwinRunner, float_twin
from cortex_m_lowering.executorch_adapter.interpreter import LoweredRunner
from cortex_m_lowering.executorch_adapter.layer_pairs import LayerPair, layer_pairs
from cortex_m_lowering.samples import Samples

SAMPLES = 16


def compare_layers(
    exported: Any,
    quantized: Any,
    lowered: Any,
    boundary: Boundary,
    samples: Samples,
    tensors: Callable[[tuple[np.ndarray, ...]], tuple],
) -> list[dict[str, Any]]:
    """One entry per operator of the program, in its order, for the report's `layers`.

    Up to SAMPLES samples are used, evenly spread; `tensors` makes inputs of one. An operator
    without a float value to compare with has a `reason` in place of figures.
    """
    twin = float_twin(exported)
    pairs = layer_pairs(lowered, quantized, twin, boundary.inputs)
    compared = [pair for pair in pairs if not pair.reason]
    figures = {pair.node: _Figures(pair) for pair in compared}
    program = LoweredRunner(lowered, record=[pair.node for pair in compared])
    model = TwinRunner(twin)
    twins = [pair.twin for pair in compared]
    for index in spread(len(samples)):
        inputs = tensors(samples.sample(index))
        program(boundary.quantized(inputs))
        actual = {pair.node: _real(program.recorded[pair.node], pair) for pair in compared}
        expected = model.values(inputs, twins)
        replaced = {pair.twin: actual[pair.node] for pair in compared}
        alone = model.values(inputs, twins, replaced)
        for pair in compared:
            figures[pair.node].add(
                expected[pair.twin],
                alone[pair.twin],
                actual[pair.node],
                program.recorded[pair.node],
            )
    return [_entry(pair, figures.get(pair.node)) for pair in pairs]


def spread(count: int, limit: int = SAMPLES) -> list[int]:
    """Indices of at most `limit` of `count` samples, evenly spread."""
    if count <= limit:
        return list(range(count))
    return [index * count // limit for index in range(limit)]


def snr_db(signal: float, noise: float) -> float | None:
    """Signal-to-noise ratio of two sums of squares; None without signal or without noise."""
    if signal <= 0 or noise <= 0:
        return None
    return round(10 * float(np.log10(signal / noise)), 2)


class Noise:
    """Signal and noise per channel, gathered array by array."""

    def __init__(self) -> None:
        self._signal: Any = 0.0
        self._noise: Any = 0.0

    def add(self, expected: np.ndarray, actual: np.ndarray) -> None:
        """Arrays of shape (channels, values)."""
        self._signal = self._signal + np.sum(expected**2, axis=1)
        self._noise = self._noise + np.sum((actual - expected) ** 2, axis=1)

    def snr_db(self) -> float | None:
        """Over all channels."""
        return snr_db(float(np.sum(self._signal)), float(np.sum(self._noise)))

    def worst_channel(self) -> dict[str, Any] | None:
        """Index and SNR of the channel with the lowest; None if no channel has noise.

        Channels without any signal, such as dead ones behind a relu, do not count.
        """
        channels = self._channels()
        if not channels:
            return None
        value, index = min((value, index) for index, value in channels.items())
        return {"index": index, "snr_db": value}

    def median_channel_db(self) -> float | None:
        """The SNR half of the channels stay below; counts the channels worst_channel() does."""
        channels = self._channels()
        return round(float(np.median(list(channels.values()))), 2) if channels else None

    def _channels(self) -> dict[int, float]:
        values = (
            snr_db(float(signal), float(noise))
            for signal, noise in zip(self._signal, self._noise, strict=True)
        )
        return {index: value for index, value in enumerate(values) if value is not None}


class _Figures:
    def __init__(self, pair: LayerPair) -> None:
        self._pair = pair
        self._noise = Noise()
        self._own = Noise()
        self._max_error = self._own_max_error = 0.0
        self._elements = self._at_min = self._at_max = self._clipped = 0
        self._channels = 0

    def add(self, expected: Any, alone: Any, actual: Any, integers: Any) -> None:
        dim = self._pair.channel_dim
        want, own, got = (_by_channel(value, dim) for value in (expected, alone, actual))
        self._noise.add(want, got)
        self._own.add(own, got)
        self._channels = len(want)
        self._max_error = max(self._max_error, _largest(got - want))
        self._own_max_error = max(self._own_max_error, _largest(got - own))
        self._elements += want.size
        affine = self._pair.affine
        if affine is None:
            return
        raw = _by_channel(integers, dim)
        low = (affine.quant_min - affine.zero_point - 0.5) * affine.scale
        high = (affine.quant_max - affine.zero_point + 0.5) * affine.scale
        self._at_min += int(np.sum(raw <= affine.quant_min))
        self._at_max += int(np.sum(raw >= affine.quant_max))
        self._clipped += int(np.sum((want < low) | (want > high)))

    def summary(self) -> dict[str, Any]:
        affine = self._pair.affine
        summary = {
            "channels": self._channels,
            "snr_db": self._noise.snr_db(),
            "worst_channel": self._noise.worst_channel(),
            "own_snr_db": self._own.snr_db(),
            "own_median_channel_db": self._own.median_channel_db(),
            "own_worst_channel": self._own.worst_channel(),
            "max_error": _significant(self._max_error),
            "own_max_error": _significant(self._own_max_error),
        }
        if affine is not None:
            summary |= {
                "scale": affine.scale,
                "zero_point": affine.zero_point,
                "max_error_steps": round(self._max_error / affine.scale, 1),
                "at_min": self._share(self._at_min),
                "at_max": self._share(self._at_max),
                "clipped": self._share(self._clipped),
            }
        return summary

    def _share(self, count: int) -> float:
        return round(count / self._elements, 4) if self._elements else 0.0


def _entry(pair: LayerPair, figures: _Figures | None) -> dict[str, Any]:
    entry = {"node": pair.node, "op": pair.op, "source": pair.source, "module": pair.module}
    if figures is None:
        return entry | {"reason": pair.reason}
    return entry | {
        "float_node": pair.twin,
        "float_op": pair.twin_op,
        **figures.summary(),
        "weights": _weights(pair.weights),
    }


def _weights(pair: tuple[Any, Any] | None) -> dict[str, Any] | None:
    if pair is None:
        return None
    noise = Noise()
    noise.add(_by_channel(pair[0], 0), _by_channel(pair[1], 0))
    return {"snr_db": noise.snr_db(), "worst_channel": noise.worst_channel()}


def _real(value: Any, pair: LayerPair) -> Any:
    """Integers as the real numbers they stand for, the way PyTorch dequantizes."""
    if pair.affine is None:
        return value
    return (value.float() - pair.affine.zero_point) * pair.affine.scale


def _by_channel(value: Any, dim: int) -> np.ndarray:
    array = value.detach().contiguous().numpy().astype(np.float64)
    if array.ndim == 0:
        return array.reshape(1, 1)
    return np.moveaxis(array, dim, 0).reshape(array.shape[dim], -1)


def _largest(difference: np.ndarray) -> float:
    return float(np.max(np.abs(difference), initial=0.0))


def _significant(value: float) -> float:
    return float(f"{value:.4g}")
