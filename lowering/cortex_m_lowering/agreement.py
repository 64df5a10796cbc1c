# SPDX-License-Identifier: Apache-2.0
"""Does the lowered program compute what PyTorch's quantized model computes?

Integer kernels round differently from dequantize-compute-quantize, by a few steps of the
output's scale. A pass that loses or misplaces an operator is off by far more. That would
be invisible downstream, where the lowered program itself is the reference.
"""

from collections.abc import Callable

import numpy as np

from cortex_m_lowering.errors import LoweringError
from cortex_m_lowering.program import Program

# Mean over an output's elements and samples, in steps of its scale. Networks of 30 layers
# stay below 1 or 2, an operator computed at the wrong zero point lies above 10.
_MEAN_STEPS = 8.0
SAMPLES = 8


class Agreement:
    """Differences between two ways to compute the same outputs, gathered run by run."""

    def __init__(self, quantized: Callable[..., object], origin: str) -> None:
        self._quantized = quantized
        self._origin = origin
        self._differences: list[list[np.ndarray]] = []

    def add(self, inputs: tuple, lowered: list[np.ndarray]) -> None:
        """Run PyTorch's quantized model on `inputs`, beside what the lowered program gave."""
        import torch

        with torch.no_grad():
            result = self._quantized(*inputs)
        values = result if isinstance(result, (tuple, list)) else (result,)
        expected = [value.contiguous().numpy() for value in values]
        self._differences.append(
            [
                np.abs(want.astype(np.float64) - got.astype(np.float64))
                for want, got in zip(expected, lowered, strict=True)
            ]
        )

    def check(self, program: Program) -> list[dict]:
        """Mean and largest difference of each output in steps of its scale, or an error."""
        summary = []
        for position, parameters in enumerate(program.output_quantization):
            step = 1.0 if parameters is None else parameters.scale
            steps = np.concatenate([d[position].reshape(-1) for d in self._differences]) / step
            mean, largest = float(steps.mean()), float(steps.max())
            if parameters is not None and mean > _MEAN_STEPS:
                raise LoweringError(
                    f"{self._origin}: output {position} of the lowered program is off by "
                    f"{mean:.1f} int8 steps on average from PyTorch's quantized model: "
                    "one of ExecuTorch's passes does not preserve this model's meaning. "
                    "Look for operators on constants or with several users; the report of a "
                    "shorter model tells which one"
                )
            summary.append({"mean_steps": round(mean, 3), "max_steps": round(largest, 3)})
        return summary
