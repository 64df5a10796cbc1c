# SPDX-License-Identifier: Apache-2.0
"""Provider of a lowered model."""

CortexMModelInfo = provider(
    doc = "A model lowered by ExecuTorch's Cortex-M backend for one ISA.",
    fields = {
        "float_report": "File: text that lists what computes in float; making it fails if some of that is not accepted.",
        "has_data_set": "bool: whether the vectors are the user's, which may carry labels, and not made up.",
        "isa": "string: `scalar`, `dsp` or `mve`, the ISA the scratch buffers are sized for.",
        "layers": "File: text that compares int8 with float, layer by layer; None for a stored program.",
        "program": "File: the ExecuTorch program (`.pte`).",
        "report": "File: JSON report; also the side file the plan compiler checks the program against.",
        "vectors": "File: reference inputs and the outputs PyTorch computes for them (`.vectors`); None for a stored program without them.",
    },
)
