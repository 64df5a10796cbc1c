# SPDX-License-Identifier: Apache-2.0
"""Read samples (calibration data, reference inputs) from .npz files and check them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cortex_m_lowering.errors import LoweringError, first_line

LABELS = "labels"


@dataclass(frozen=True)
class InputSpec:
    """What one model input takes: its forward() name, numpy dtype and logical shape."""

    name: str
    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Samples:
    """Arrays of shape (samples, *input shape), one per model input, and maybe labels."""

    inputs: tuple[np.ndarray, ...]
    labels: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.inputs[0])

    def sample(self, index: int) -> tuple[np.ndarray, ...]:
        """The inputs of one run of the model."""
        return tuple(array[index, ...] for array in self.inputs)


def read_samples(option: str, path: Path, specs: list[InputSpec]) -> Samples:
    """Read an .npz whose arrays are named after the model's inputs (or input_0, ...)."""
    origin = f"{option} {path}"
    arrays = _load(origin, path)
    labels = arrays.pop(LABELS, None)
    _check_names(origin, arrays, specs)
    inputs = []
    for position, spec in enumerate(specs):
        name = spec.name if spec.name in arrays else f"input_{position}"
        _check_array(origin, name, arrays[name], spec)
        inputs.append(arrays[name])
    counts = {len(array) for array in inputs}
    if len(counts) != 1:
        listed = ", ".join(f"{s.name} {len(a)}" for s, a in zip(specs, inputs, strict=True))
        raise LoweringError(f"{origin}: the inputs have different numbers of samples: {listed}")
    if counts == {0}:
        raise LoweringError(f"{origin}: holds no samples")
    if labels is not None:
        _check_labels(origin, labels, len(inputs[0]))
    return Samples(tuple(inputs), labels)


def _load(origin: str, path: Path) -> dict[str, np.ndarray]:
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except Exception as error:
        raise LoweringError(
            f"{origin}: not a readable .npz archive of plain arrays: {first_line(error)}; "
            "write it with numpy.savez"
        ) from error


def _check_names(origin: str, arrays: dict[str, Any], specs: list[InputSpec]) -> None:
    wanted = [spec.name for spec in specs]
    positional = [f"input_{position}" for position in range(len(specs))]
    unknown = sorted(set(arrays) - set(wanted) - set(positional))
    missing = [
        spec.name
        for position, spec in enumerate(specs)
        if spec.name not in arrays and f"input_{position}" not in arrays
    ]
    if unknown or missing:
        raise LoweringError(
            f"{origin}: holds {_listed(sorted(arrays))}, the model's inputs are "
            f"{_listed(wanted)}; name each array after the argument of forward() "
            f"(or {', '.join(positional)})"
        )


def _check_array(origin: str, name: str, array: np.ndarray, spec: InputSpec) -> None:
    if array.ndim != len(spec.shape) + 1 or array.shape[1:] != spec.shape:
        wanted = ", ".join(["samples", *map(str, spec.shape)])
        hint = ""
        if array.shape == spec.shape:
            hint = "; a single sample still needs the leading dimension: array[None]"
        elif array.shape[1:] == spec.shape[1:]:
            hint = "; keep the model's batch dimension: array[:, None]"
        raise LoweringError(f"{origin}: {name} has shape {array.shape}, expected ({wanted}){hint}")
    if array.dtype.name != spec.dtype:
        raise LoweringError(
            f"{origin}: {name} has dtype {array.dtype.name}, the model's input is {spec.dtype}; "
            f"convert it: {name}.astype('{spec.dtype}')"
        )
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        sample = int(np.argwhere(~np.isfinite(array))[0][0])
        raise LoweringError(f"{origin}: {name} holds NaN or infinity, first in sample {sample}")


def _check_labels(origin: str, labels: np.ndarray, count: int) -> None:
    if labels.dtype.kind not in "iu" or labels.shape != (count,):
        raise LoweringError(
            f"{origin}: {LABELS} must be integers of shape ({count},), one per sample; "
            f"it is {labels.dtype.name} of shape {labels.shape}"
        )


def _listed(names: list[str]) -> str:
    return ", ".join(repr(name) for name in names) or "nothing"
