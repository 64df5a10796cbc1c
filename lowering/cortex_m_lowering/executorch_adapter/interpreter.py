# SPDX-License-Identifier: Apache-2.0
"""Run the lowered graph with upstream's Python implementations of the operators."""

from collections.abc import Collection
from typing import Any

from cortex_m_lowering.provenance import node_location


class LoweredRunner:
    """Computes, bit for bit, what the lowered program must compute on the core.

    After a run, `recorded` holds the values of the nodes whose names are in `record`.
    """

    def __init__(self, lowered: Any, record: Collection[str] = ()) -> None:
        self.recorded: dict[str, Any] = {}
        self._interpreter = _interpreter_class()(lowered.graph_module)
        self._interpreter.record(frozenset(record), self.recorded)
        self._constants = _constants(lowered)

    def __call__(self, inputs: tuple) -> tuple:
        import torch

        arguments = iter(inputs)
        values = [next(arguments) if c is None else c for c in self._constants]
        with torch.no_grad():
            return tuple(self._interpreter.run(*values))


def _constants(lowered: Any) -> list:
    from torch.export.graph_signature import InputKind

    values = []
    for spec in lowered.graph_signature.input_specs:
        if spec.kind == InputKind.USER_INPUT:
            values.append(None)
        elif spec.target in lowered.state_dict:
            values.append(lowered.state_dict[spec.target])
        else:
            values.append(lowered.constants[spec.target])
    return values


def _interpreter_class() -> type:
    import torch
    from executorch.exir.dialects._ops import ops

    convolutions = {
        ops.edge.cortex_m.quantized_conv2d.default,
        ops.edge.cortex_m.quantized_conv2d_nhwc.default,
        ops.edge.cortex_m.quantized_depthwise_conv2d.default,
        ops.edge.cortex_m.quantized_depthwise_conv2d_nhwc.default,
    }

    class Interpreter(torch.fx.Interpreter):
        def record(self, names: frozenset[str], recorded: dict[str, Any]) -> None:
            self._names, self._recorded = names, recorded

        def run_node(self, node: Any) -> Any:
            try:
                value = super().run_node(node)
            except Exception as error:
                error.add_note(f"{node.name} at {node_location(node).source or 'no line'}")
                raise
            if node.name in self._names:
                self._recorded[node.name] = value
            return value

        def call_function(self, target: Any, args: tuple, kwargs: dict) -> Any:
            if target in convolutions and any(step != 1 for step in args[5]):
                args = _without_dilation(args)
            return super().call_function(target, args, kwargs)

    return Interpreter


def _without_dilation(args: tuple) -> tuple:
    # torch has no dilated integer convolution on the CPU. Spreading the filter with
    # zeros gives the same sums, so the operator itself still does the arithmetic.
    # Both filter layouts (OHWI and 1HWO) have height and width in the middle.
    weight, (down, across) = args[1], args[5]
    outer, height, width, inner = weight.shape
    spread = weight.new_zeros(outer, (height - 1) * down + 1, (width - 1) * across + 1, inner)
    spread[:, ::down, ::across] = weight
    return (args[0], spread, *args[2:5], [1, 1], *args[6:])
