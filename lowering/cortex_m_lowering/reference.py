# SPDX-License-Identifier: Apache-2.0
"""Run the lowered program on samples, and count the hits of it and of the float model."""

from collections.abc import Callable

import numpy as np

from cortex_m_lowering.agreement import SAMPLES, Agreement
from cortex_m_lowering.errors import LoweringError, first_line
from cortex_m_lowering.executorch_adapter.boundary import Boundary
from cortex_m_lowering.executorch_adapter.export import callable_module
from cortex_m_lowering.model import Model
from cortex_m_lowering.program import Program
from cortex_m_lowering.samples import LABELS, Samples
from cortex_m_lowering.vectors import Vectors, memory_bytes, top1


class Reference:
    """Outputs of the lowered program for every sample, computed on construction.

    Samples are the model's, in float; what the program takes and gives is as `boundary` says.
    """

    def __init__(
        self, model: Model, samples: Samples, lowered: Callable[[tuple], tuple], boundary: Boundary
    ) -> None:
        self._model = model
        self._samples = samples
        self._lowered = lowered
        self._boundary = boundary
        self.outputs = [self.run(samples.sample(index)) for index in range(len(samples))]

    def run(self, sample: tuple[np.ndarray, ...]) -> list[np.ndarray]:
        """One run of the lowered program."""
        try:
            return _arrays(self._lowered(self._quantized(sample)))
        except Exception as error:
            raise LoweringError(
                f"{self._model.origin}: ExecuTorch's Python operators cannot run the lowered "
                f"program: {type(error).__name__}: {first_line(error)}"
                + "".join(f"; in {note}" for note in getattr(error, "__notes__", ())[:1])
            ) from error

    def agreement(self, quantized: Callable[..., object], calibration: Samples) -> Agreement:
        """Compare with PyTorch's quantized model on the first few samples."""
        agreement = Agreement(quantized, self._model.origin)
        for index in range(min(len(self._samples), SAMPLES)):
            sample = self._samples.sample(index)
            agreement.add(self._model.tensors(sample), self._real(self.outputs[index]))
        if not self.outputs:
            sample = calibration.sample(0)
            agreement.add(self._model.tensors(sample), self._real(self.run(sample)))
        return agreement

    def vectors(self, program: Program) -> Vectors:
        """The vectors in the memory order of the program's tensors."""
        samples, outputs = self._samples, self.outputs
        labels = None if samples.labels is None else [int(label) for label in samples.labels]
        float_correct = int8_correct = -1
        if labels is not None:
            self._check_labels(labels)
            int8_correct = _hits([top1(output[0]) for output in outputs], labels)
            float_correct = _hits(self._float_answers(), labels)
        return Vectors(
            inputs=[
                [
                    memory_bytes(array, tensor.dim_order)
                    for array, tensor in zip(self._inputs(i), program.inputs, strict=True)
                ]
                for i in range(len(samples))
            ],
            outputs=[
                [
                    memory_bytes(array, tensor.dim_order)
                    for array, tensor in zip(output, program.outputs, strict=True)
                ]
                for output in outputs
            ],
            sizes=[tensor.bytes for tensor in (*program.inputs, *program.outputs)],
            input_count=len(program.inputs),
            labels=labels,
            float_correct=float_correct,
            int8_correct=int8_correct,
        )

    def _quantized(self, sample: tuple[np.ndarray, ...]) -> tuple:
        return self._boundary.quantized(self._model.tensors(sample))

    def _inputs(self, index: int) -> list[np.ndarray]:
        """What the program takes, logically indexed."""
        return _arrays(self._quantized(self._samples.sample(index)))

    def _real(self, outputs: list[np.ndarray]) -> list[np.ndarray]:
        import torch

        return _arrays(self._boundary.dequantized(tuple(map(torch.from_numpy, outputs))))

    def _float_answers(self) -> list[int]:
        import torch

        module = callable_module(self._model.exported)
        answers = []
        with torch.no_grad():
            for index in range(len(self._samples)):
                result = module(*self._model.tensors(self._samples.sample(index)))
                first = result[0] if isinstance(result, (tuple, list)) else result
                answers.append(top1(first.contiguous().numpy()))
        return answers

    def _check_labels(self, labels: list[int]) -> None:
        classes = self.outputs[0][0].size
        for index, label in enumerate(labels):
            if not 0 <= label < classes:
                raise LoweringError(
                    f"--vectors: {LABELS}[{index}] is {label}, the model's first output has "
                    f"{classes} elements: labels go from 0 to {classes - 1}"
                )


def _arrays(values: tuple) -> list[np.ndarray]:
    return [value.detach().contiguous().numpy() for value in values]


def _hits(answers: list[int], labels: list[int]) -> int:
    return sum(answer == label for answer, label in zip(answers, labels, strict=True))
