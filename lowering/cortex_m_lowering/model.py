# SPDX-License-Identifier: Apache-2.0
"""The model as the rest of the tool sees it: exported, with weights, inputs described."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from cortex_m_lowering.errors import LoweringError
from cortex_m_lowering.executorch_adapter import export
from cortex_m_lowering.factory import call_factory
from cortex_m_lowering.request import LoweringRequest
from cortex_m_lowering.samples import InputSpec
from cortex_m_lowering.weights import apply_weights, check_finite, read_weights

_DTYPES = ("float32", "int8", "uint8", "int32", "int64", "bool")


@dataclass(frozen=True)
class Model:
    """An exported model.

    Attributes:
        origin: how messages call it, e.g. `--model pkg.mod:fn`.
        exported: the torch.export program.
        inputs: example inputs, with the memory format the program will take.
        specs: name, dtype and shape of each input.
    """

    origin: str
    exported: Any
    inputs: tuple
    specs: list[InputSpec]

    def example_arrays(self) -> tuple[np.ndarray, ...]:
        """The example inputs as numpy arrays, logically indexed."""
        return tuple(value.contiguous().numpy() for value in self.inputs)

    def tensors(self, arrays: tuple[np.ndarray, ...]) -> tuple:
        """Arrays as tensors in the memory format of the example inputs."""
        import torch

        values = []
        for array, example in zip(arrays, self.inputs, strict=True):
            value = torch.empty_like(example)
            value.copy_(torch.from_numpy(array))
            values.append(value)
        return tuple(values)

    def layout_hint(self) -> str:
        """How to get convolutions quantized, when an image input is not channels-last."""
        import torch

        for spec, value in zip(self.specs, self.inputs, strict=True):
            if value.dim() == 4 and not value.is_contiguous(memory_format=torch.channels_last):
                return (
                    f"; the Cortex-M backend quantizes convolutions of channels-last tensors only: "
                    f"return the example input {spec.name!r} as "
                    "tensor.to(memory_format=torch.channels_last)"
                )
        return ""


def load_model(request: LoweringRequest) -> Model:
    """Load from the factory or the .pt2, put the weights in, export and check."""
    if request.model is not None:
        origin = f"--model {request.model}"
        module, inputs = call_factory(request.model)
        _load_weights(request, module, origin)
        exported = export.export_module(module, inputs, origin)
    else:
        origin = f"--program {request.program}"
        exported = export.load_exported(request.program)
        _load_weights(request, exported, origin)
        inputs = export.example_inputs(exported, origin)
    return described(origin, exported, inputs)


def described(origin: str, exported: Any, inputs: tuple) -> Model:
    """The model of an exported program and its example inputs."""
    return Model(origin, exported, inputs, _specs(origin, exported, inputs))


def _load_weights(request: LoweringRequest, holder: Any, origin: str) -> None:
    state = holder.state_dict() if callable(holder.state_dict) else holder.state_dict
    if request.weights is not None:
        apply_weights(request.weights, read_weights(request.weights), state)
        origin = f"--weights {request.weights}"
    check_finite(state, origin)


def _specs(origin: str, exported: Any, inputs: tuple) -> list[InputSpec]:
    specs = []
    for name, value in zip(export.input_names(exported), inputs, strict=True):
        dtype = str(value.dtype).removeprefix("torch.")
        if dtype not in _DTYPES:
            raise LoweringError(
                f"{origin}: input {name!r} is {dtype}; supported are {', '.join(_DTYPES)}"
            )
        specs.append(InputSpec(name, dtype, tuple(value.shape)))
    return specs
