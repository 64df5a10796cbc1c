# SPDX-License-Identifier: Apache-2.0
"""Load a state dict into a model, exactly or not at all."""

from pathlib import Path
from typing import Any

from cortex_m_lowering.errors import LoweringError, first_line

_SHOWN = 8


def read_weights(path: Path) -> dict[str, Any]:
    """The tensors of a .safetensors, .pt or .pth file, by name."""
    if path.suffix == ".safetensors":
        return _read_safetensors(path)
    if path.suffix in (".pt", ".pth"):
        return _read_torch(path)
    raise LoweringError(
        f"--weights {path}: unknown kind of file {path.suffix!r}; use .safetensors or .pt"
    )


def apply_weights(path: Path, weights: dict[str, Any], state: dict[str, Any]) -> None:
    """Copy `weights` into the tensors of `state`; names and shapes must match exactly."""
    import torch

    missing = sorted(set(state) - set(weights))
    unexpected = sorted(set(weights) - set(state))
    shapes = [
        f"{name}: file {tuple(weights[name].shape)}, model {tuple(state[name].shape)}"
        for name in sorted(set(state) & set(weights))
        if weights[name].shape != state[name].shape
    ]
    problems = []
    for title, names in (
        ("missing in the file", missing),
        ("not in the model", unexpected),
        ("of another shape", shapes),
    ):
        if names:
            listed = "".join(f"\n    {name}" for name in names[:_SHOWN])
            rest = f"\n    and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            problems.append(f"\n  {title}:{listed}{rest}")
    if problems:
        raise LoweringError(
            f"--weights {path}: does not match the model's state_dict" + "".join(problems)
        )
    with torch.no_grad():
        for name, tensor in state.items():
            tensor.copy_(weights[name])


def check_finite(state: dict[str, Any], origin: str) -> None:
    """Refuse NaN and infinity in a model's parameters and buffers."""
    import torch

    bad = [
        name
        for name, tensor in sorted(state.items())
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all())
    ]
    if bad:
        rest = f" and {len(bad) - _SHOWN} more" if len(bad) > _SHOWN else ""
        raise LoweringError(
            f"{origin}: NaN or infinity in {', '.join(bad[:_SHOWN])}{rest}; "
            "such weights cannot be quantized"
        )


def _read_safetensors(path: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    try:
        return load_file(path)
    except Exception as error:
        raise LoweringError(
            f"--weights {path}: not a readable safetensors file: {first_line(error)}"
        ) from error


def _read_torch(path: Path) -> dict[str, Any]:
    import torch

    try:
        weights = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise LoweringError(
            f"--weights {path}: torch.load(weights_only=True) refuses it: {first_line(error)}; "
            "save a plain state_dict: torch.save(model.state_dict(), ...)"
        ) from error
    if not isinstance(weights, dict) or not all(
        isinstance(value, torch.Tensor) for value in weights.values()
    ):
        raise LoweringError(
            f"--weights {path}: not a plain state_dict of tensors; "
            "save it with torch.save(model.state_dict(), ...)"
        )
    return weights
