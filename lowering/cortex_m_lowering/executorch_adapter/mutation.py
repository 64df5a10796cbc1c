# SPDX-License-Identifier: Apache-2.0
"""Find what a model overwrites: its own buffers, or its inputs."""

from typing import Any


def overwritten_placeholders(graph: Any) -> list[str]:
    """Names of the placeholders some in-place operator writes to, through views too."""
    import torch

    viewed: dict[Any, Any] = {}
    written = []
    for node in graph.nodes:
        if node.op != "call_function" or not isinstance(node.target, torch._ops.OpOverload):
            continue
        for parameter, value in zip(node.target._schema.arguments, node.args, strict=False):
            if parameter.alias_info is None or not isinstance(value, torch.fx.Node):
                continue
            origin = viewed.get(value, value)
            viewed[node] = origin
            if parameter.alias_info.is_write and origin.op == "placeholder":
                written.append(origin.name)
    return sorted(set(written))
