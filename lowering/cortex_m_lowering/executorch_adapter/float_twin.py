# SPDX-License-Identifier: Apache-2.0
"""The float model in the shape the quantizer gives it: the other side of a comparison."""

from collections.abc import Collection, Mapping
from typing import Any


def float_twin(exported: Any) -> Any:
    """The graph that upstream quantizes, before anything in it is quantized.

    It computes what the exported model computes, in float, but has the operators of the int8
    graph under the same names: batch norms are folded, a mean over a plane is an average pool.
    """
    import torch
    from executorch.backends.cortex_m.quantizer.quantizer import CortexMQuantizer
    from torchao.quantization.pt2e.quantize_pt2e import prepare_pt2e

    class Unquantizing(CortexMQuantizer):
        def annotate(self, model: Any) -> Any:
            return model

    with torch.no_grad():
        return prepare_pt2e(exported.module(check_guards=False), Unquantizing())


class TwinRunner:
    """Runs a float twin, keeps chosen values and can put others in their place."""

    def __init__(self, twin: Any) -> None:
        self._interpreter = _interpreter_class()(twin)

    def values(
        self, inputs: tuple, names: Collection[str], replacements: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """What the nodes of these names compute, by name.

        A node in `replacements` computes from its inputs as they are, but hands on the
        replacement.
        """
        import torch

        self._interpreter.names = frozenset(names)
        self._interpreter.replacements = replacements or {}
        self._interpreter.kept = {}
        with torch.no_grad():
            self._interpreter.run(*inputs)
        return self._interpreter.kept


def _interpreter_class() -> type:
    import torch

    class Interpreter(torch.fx.Interpreter):
        def run_node(self, node: Any) -> Any:
            value = super().run_node(node)
            if node.name in self.names and isinstance(value, torch.Tensor):
                # A copy: an in-place activation overwrites what is in front of it.
                self.kept[node.name] = value.clone()
            return self.replacements.get(node.name, value)

    return Interpreter
