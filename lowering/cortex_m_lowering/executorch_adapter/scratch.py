# SPDX-License-Identifier: Apache-2.0
"""What CMSIS-NN's binding says each kernel's scratch buffers must hold."""

from typing import Any

from cortex_m_lowering.executorch_adapter.targets import Target


def binding_bytes(lowered: Any, target: Target) -> dict[str, list[int]]:
    """Bytes per scratch argument, by node name, asked anew from the final graph."""
    from executorch.backends.cortex_m.passes.scratch_buffer_sizes import (
        required_cmsis_nn_buffer_sizes,
    )

    sizes = {}
    for node in lowered.graph_module.graph.nodes:
        required = required_cmsis_nn_buffer_sizes(node, target.config.backend)
        if required is not None:
            sizes[node.name] = [int(size) for size in required]
    return sizes
