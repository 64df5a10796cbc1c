# SPDX-License-Identifier: Apache-2.0
"""Models in the form the lowering takes, where upstream's tests have another one."""

from __future__ import annotations

import copy
from typing import Any

import torch
from cortex_m_lowering.executorch_adapter.targets import Target


class _Bound(torch.nn.Module):
    """A model with some of its arguments given."""

    def __init__(self, module: torch.nn.Module, arguments: tuple) -> None:
        super().__init__()
        self.module = module
        self.arguments = arguments

    def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
        given = iter(tensors)
        return self.module(*(next(given) if a is None else a for a in self.arguments))


class OnCopies(torch.nn.Module):
    """A model that writes into its inputs, given copies of them."""

    def __init__(self, module: torch.nn.Module) -> None:
        super().__init__()
        self.module = module

    def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
        return self.module(*(tensor.clone() for tensor in tensors))


class _WithScratch(torch.nn.Module):
    """A model that takes its scratch buffers as arguments, given buffers of its own."""

    def __init__(self, module: torch.nn.Module, count: int) -> None:
        super().__init__()
        self.module = module
        for number in range(count):
            self.register_buffer(f"scratch_{number}", torch.zeros(1, dtype=torch.uint8))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.module(x, *self.buffers(recurse=False))


def tensors_only(module: torch.nn.Module, inputs: tuple) -> tuple[torch.nn.Module, tuple]:
    """Numbers among the inputs become a part of the model, as torch.export binds them."""
    tensors = tuple(value for value in inputs if isinstance(value, torch.Tensor))
    if len(tensors) == len(inputs):
        return module, inputs
    arguments = tuple(None if isinstance(value, torch.Tensor) else value for value in inputs)
    return _Bound(module, arguments), tensors


def without_scratch(module: torch.nn.Module, inputs: tuple) -> tuple[torch.nn.Module, tuple]:
    """Scratch buffers among the inputs (all but the first) become a part of the model."""
    return _WithScratch(module, len(inputs) - 1), inputs[:1]


def with_planned_scratch(edge: Any, target: Target) -> Any:
    """Gives operators of the dialect, called as such, the scratch their target needs."""
    from executorch.backends.cortex_m.passes.scratch_buffer_sizes import (
        required_cmsis_nn_buffer_sizes,
    )
    from executorch.exir import memory

    lowered = copy.deepcopy(edge)
    graph = lowered.graph_module.graph
    for node in list(graph.nodes):
        sizes = required_cmsis_nn_buffer_sizes(node, target.config.backend) or []
        for place, size in enumerate(sizes, start=len(node.args) - len(sizes)):
            with graph.inserting_before(node):
                scratch = graph.call_function(memory.alloc, (((int(size),), torch.uint8),))
            scratch.meta["val"] = torch.empty(int(size), dtype=torch.uint8, device="meta")
            node.update_arg(place, scratch)
    lowered.graph_module.recompile()
    return lowered
