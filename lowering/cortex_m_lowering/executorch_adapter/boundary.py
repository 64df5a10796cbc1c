# SPDX-License-Identifier: Apache-2.0
"""Where a program meets its application: in float32 as the model does, or in int8.

Removing the float boundary is what upstream's `executorch.exir.passes.quantize_io_pass` does for
one input or output at a time. It is not used: an input that two quantize nodes read is an error
there, its messages name neither the tensor nor the operator in the way, and the scales would go
into the .pte as methods of their own, which a plan does not call; here the report has them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cortex_m_lowering.errors import LoweringError
from cortex_m_lowering.executorch_adapter.layer_pairs import Affine
from cortex_m_lowering.executorch_adapter.verdicts import float_reason
from cortex_m_lowering.provenance import node_location

_WAY_OUT = "or leave the boundary in float32, the default: --io float32"


@dataclass(frozen=True)
class Boundary:
    """What the integers of a program's inputs and outputs mean, in the order of forward().

    None stands for a tensor that is as the model has it: all of them if `io` is `float32`; if it
    is `int8`, those that are no float tensors in the model, such as the indices of an embedding.
    """

    io: str
    inputs: tuple[Affine | None, ...]
    outputs: tuple[Affine | None, ...]

    def quantized(self, tensors: tuple) -> tuple:
        """The model's inputs as the program takes them, rounded as PyTorch rounds."""
        return tuple(map(_quantized, tensors, self.inputs))

    def dequantized(self, tensors: tuple) -> tuple:
        """The program's outputs as the model gives them."""
        return tuple(map(_dequantized, tensors, self.outputs))


def float_boundary(edge: Any) -> Boundary:
    """The boundary of a program in the edge dialect as it is."""
    signature = edge.graph_signature
    return Boundary(
        "float32", (None,) * len(signature.user_inputs), (None,) * len(signature.user_outputs)
    )


def int8_boundary(edge: Any, origin: str) -> tuple[Any, Boundary]:
    """The program without the quantize of every float input and the dequantize of every output.

    `edge`, in the edge dialect and before the Cortex-M passes, is used up.
    """
    from executorch.exir.program._program import _transform

    inputs = [_input(node) for node in _user_inputs(edge)]
    outputs = [_output(*entry) for entry in enumerate(edge.graph.output_node().args[0])]
    problems = [problem for problem in (*inputs, *outputs) if isinstance(problem, str)]
    if problems:
        raise LoweringError(
            "\n  ".join([f"{origin}: --io int8 is not possible:", *problems, _WAY_OUT])
        )
    boundary = Boundary("int8", tuple(inputs), tuple(outputs))
    return _transform(edge, _remove_pass()(boundary, edge)), boundary


def _user_inputs(edge: Any) -> list[Any]:
    nodes = {node.name: node for node in edge.graph.nodes if node.op == "placeholder"}
    return [nodes[name] for name in edge.graph_signature.user_inputs]


def _input(node: Any) -> Affine | str | None:
    """What an input's integers mean; None if it is no float; or why there are none."""
    if not node.meta["val"].dtype.is_floating_point:
        return None
    if not node.users:
        return f"input {node.target!r} is read by nothing, so it has no scale: take it out"
    for user in node.users:
        if not _is(user, "quantize_per_tensor"):
            return (
                f"input {node.target!r} is not quantized first: {_described(user)} reads it in "
                f"{_dtype(node)}{_why(user)}"
            )
    found = [_affine(user) for user in node.users]
    other = next((affine for affine in found if affine != found[0]), None)
    if other is not None:
        scales = f"{found[0].scale:g} and {other.scale:g}"
        return f"input {node.target!r} is quantized in two ways, with the scales {scales}"
    return found[0] or f"input {node.target!r} is quantized to another type than int8"


def _output(position: int, node: Any) -> Affine | str | None:
    if not node.meta["val"].dtype.is_floating_point:
        return None
    if node.op == "placeholder":
        return f"output {position} is {node.target!r}, which nothing quantizes"
    if not _is(node, "dequantize_per_tensor"):
        return (
            f"output {position} is not dequantized last: {_described(node)} computes it in "
            f"{_dtype(node)}{_why(node)}"
        )
    if node.args[0].op == "placeholder":
        return f"output {position} is a constant, which no operator writes"
    return _affine(node) or f"output {position} is dequantized from another type than int8"


def _is(node: Any, operator: str) -> bool:
    schema = getattr(node.target, "_schema", None)
    return schema is not None and schema.name == f"quantized_decomposed::{operator}"


def _affine(node: Any) -> Affine | None:
    import torch

    _, scale, zero_point, low, high, dtype = node.args[:6]
    if dtype != torch.int8:
        return None
    return Affine(float(scale), int(zero_point), int(low), int(high))


def _described(node: Any) -> str:
    if node.op == "output":
        return "the output"
    place = node_location(node)
    schema = getattr(node.target, "_schema", None)
    name = str(node.target) if schema is None else schema.name
    where = ", ".join(filter(None, (place.source, place.module and f"module {place.module}")))
    return name + (f" at {where}" if where else "")


def _why(node: Any) -> str:
    return "" if node.op == "output" else f"; why: {float_reason(node)}"


def _dtype(node: Any) -> str:
    return str(node.meta["val"].dtype).removeprefix("torch.")


def _remove_pass() -> type:
    from torch.fx.passes.infra.pass_base import PassBase, PassResult

    class RemoveFloatBoundary(PassBase):
        """Lets readers of a quantized input read the input, and returns what was dequantized."""

        def __init__(self, boundary: Boundary, edge: Any) -> None:
            super().__init__()
            self._boundary = boundary
            self._names = list(edge.graph_signature.user_inputs)

        def call(self, graph_module: Any) -> PassResult:
            graph = graph_module.graph
            nodes = {node.name: node for node in graph.nodes if node.op == "placeholder"}
            for name in _named(self._names, self._boundary.inputs):
                node = nodes[name]
                quantizes = list(node.users)
                node.meta["val"] = quantizes[0].meta["val"]
                for quantize in quantizes:
                    quantize.replace_all_uses_with(node)
                    graph.erase_node(quantize)
            output = graph.output_node()
            values = list(output.args[0])
            for position in _named(range(len(values)), self._boundary.outputs):
                values[position] = values[position].args[0]
            before = dict.fromkeys(output.args[0])
            output.args = (tuple(values),)
            for node in before:
                if not node.users and _is(node, "dequantize_per_tensor"):
                    graph.erase_node(node)
            graph_module.recompile()
            return PassResult(graph_module, True)

    return RemoveFloatBoundary


def _named(names: Any, ports: tuple[Affine | None, ...]) -> Iterator[Any]:
    return (name for name, affine in zip(names, ports, strict=True) if affine is not None)


def _quantized(tensor: Any, affine: Affine | None) -> Any:
    import torch
    from executorch.exir.dialects._ops import ops

    if affine is None:
        return tensor
    return ops.edge.quantized_decomposed.quantize_per_tensor.default(
        tensor, *_arguments(affine), torch.int8
    )


def _dequantized(tensor: Any, affine: Affine | None) -> Any:
    import torch
    from executorch.exir.dialects._ops import ops

    if affine is None:
        return tensor
    return ops.edge.quantized_decomposed.dequantize_per_tensor.default(
        tensor, *_arguments(affine), torch.int8
    )


def _arguments(affine: Affine) -> tuple[float, int, int, int]:
    return affine.scale, affine.zero_point, affine.quant_min, affine.quant_max
