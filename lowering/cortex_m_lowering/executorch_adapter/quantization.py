# SPDX-License-Identifier: Apache-2.0
"""PT2E quantization with upstream's CortexMQuantizer."""

from collections.abc import Iterable
from typing import Any

from cortex_m_lowering.errors import LoweringError, first_line


def quantize(exported: Any, samples: Iterable[tuple], inputs: tuple, origin: str) -> Any:
    """Insert observers, run the calibration samples, and export the int8 graph again."""
    import torch
    from executorch.backends.cortex_m.quantizer.quantizer import CortexMQuantizer
    from torchao.quantization.pt2e.quantize_pt2e import convert_pt2e, prepare_pt2e

    try:
        with torch.no_grad():
            prepared = prepare_pt2e(exported.module(check_guards=False), CortexMQuantizer())
            for sample in samples:
                prepared(*sample)
            converted = convert_pt2e(prepared)
            return torch.export.export(converted, inputs)
    except Exception as error:
        raise LoweringError(
            f"{origin}: ExecuTorch's Cortex-M quantizer refuses the model: "
            f"{type(error).__name__}: {first_line(error)}; --debug shows the traceback"
        ) from error
