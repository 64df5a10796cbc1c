# SPDX-License-Identifier: Apache-2.0
"""Provider of a lowered model."""

CortexMModelInfo = provider(
    doc = "A model lowered by ExecuTorch's Cortex-M backend for one ISA.",
    fields = {
        "isa": "string: `scalar`, `dsp` or `mve`, the ISA the scratch buffers are sized for.",
        "program": "File: the ExecuTorch program (`.pte`).",
        "report": "File: JSON report; also the side file the plan compiler checks the program against.",
        "vectors": "File: reference inputs and the outputs PyTorch computes for them (`.vectors`).",
    },
)
