# SPDX-License-Identifier: Apache-2.0
"""PT2E quantization with upstream's CortexMQuantizer."""

from collections.abc import Iterable
from typing import Any

from cortex_m_lowering.errors import LoweringError, first_line
from cortex_m_lowering.executorch_adapter.soundness import (
    check_biases,
    check_scales,
    non_finite_operator,
)
from cortex_m_lowering.executorch_adapter.verdicts import note_reasons


def quantize(
    exported: Any, samples: Iterable[tuple], inputs: tuple, origin: str, quantizer: Any = None
) -> Any:
    """Insert observers, run the calibration samples, and export the int8 graph again.

    `quantizer` stands in for upstream's with its defaults.
    """
    import torch
    from torchao.quantization.pt2e.quantize_pt2e import convert_pt2e, prepare_pt2e

    sample = inputs
    try:
        with torch.no_grad():
            quantizer = quantizer or _quantizer_class()()
            prepared = prepare_pt2e(exported.module(check_guards=False), quantizer)
            for sample in samples:
                prepared(*sample)
            converted = convert_pt2e(prepared)
            quantized = torch.export.export(converted, inputs)
    except Exception as error:
        _check_finite(exported, sample, origin)
        raise LoweringError(
            f"{origin}: ExecuTorch's Cortex-M quantizer refuses the model: "
            f"{type(error).__name__}: {first_line(error)}; --debug shows the traceback"
        ) from error
    check_scales(quantized, origin)
    check_biases(quantized, origin)
    return quantized


def _check_finite(exported: Any, sample: tuple, origin: str) -> None:
    # NaN and infinity fail in an observer, which does not say where they come from.
    operator = non_finite_operator(exported.module(check_guards=False), sample)
    if operator:
        raise LoweringError(
            f"{origin}: with the calibration data the float model itself computes NaN or infinity, "
            f"first in {operator}; such values cannot be quantized"
        )


def _quantizer_class() -> type:
    from executorch.backends.cortex_m.quantizer.quantizer import CortexMQuantizer
    from executorch.backends.cortex_m.quantizer_reporter import QuantizerReporter
    from torchao.quantization.pt2e.quantizer import ComposableQuantizer

    class ReportingQuantizer(CortexMQuantizer):
        """Upstream's quantizer, whose reporter's findings are noted at the nodes, not logged."""

        def annotate(self, model: Any) -> Any:
            reporter = QuantizerReporter(self.quantizers)
            model = ComposableQuantizer.annotate(self, model)
            note_reasons(model.graph, reporter)
            return model

    return ReportingQuantizer
