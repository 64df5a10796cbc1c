# SPDX-License-Identifier: Apache-2.0
"""Which value of the float model an operator of the lowered program stands for.

Three graphs are involved. A lowered node knows, by torch's `from_node`, its node in the quantized
graph, and that one its node in the float twin. The quantized graph also knows what upstream's
passes forget: which activation was fused into an operator (all between the operator and its
quantize), and what its integers mean (the quantize's scale and zero point; the passes change
those in `meta` when they fold an activation's arithmetic into them).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cortex_m_lowering.movement import only_moves
from cortex_m_lowering.provenance import node_location

_SKIPPED = frozenset({"cortex_m::dequantize_per_tensor", "cortex_m::transpose", "cortex_m::pad"})
# Upstream decomposes other operators into these, with the name of the one in front of them.
_STEPS = frozenset({"cortex_m::minimum", "cortex_m::maximum"})


@dataclass(frozen=True)
class Affine:
    """What integers mean: real = scale * (int - zero_point), quant_min <= int <= quant_max."""

    scale: float
    zero_point: int
    quant_min: int
    quant_max: int


@dataclass(frozen=True)
class LayerPair:
    """An operator of the lowered program and its float value, or why it has none.

    Attributes:
        node, op, source, module: of the lowered operator, as in the report's instructions.
        twin: name of the float twin's node that computes the same value; empty if there is none.
        twin_op: its operator, e.g. `aten::relu` for a convolution with a fused relu.
        affine: what the integers mean; None for a value that stays in float.
        channel_dim: logical dimension that holds the channels.
        weights: float and dequantized weights as tensors, output channels first; or None.
        reason: why there is no float value to compare with; else empty.
    """

    node: str
    op: str
    source: str
    module: str
    twin: str = ""
    twin_op: str = ""
    affine: Affine | None = None
    channel_dim: int = -1
    weights: tuple[Any, Any] | None = None
    reason: str = ""


def layer_pairs(
    lowered: Any, quantized: Any, twin: Any, inputs: Sequence[Affine | None]
) -> list[LayerPair]:
    """A pair for every operator of the lowered graph that computes or quantizes, in order.

    Before them one for every input that the application quantizes: those with an entry in
    `inputs`.
    """
    matcher = _Matcher(lowered, quantized, twin)
    return matcher.inputs(inputs) + matcher.pairs()


class _Matcher:
    def __init__(self, lowered: Any, quantized: Any, twin: Any) -> None:
        self._lowered = lowered
        self._quantized = quantized
        self._nodes = {node.name: node for node in quantized.graph.nodes}
        self._twin = twin
        self._twins = {node.name: node for node in twin.graph.nodes}
        self._operators = [node for node in lowered.graph_module.graph.nodes if _computes(node)]
        self._origins = {node: self._origin(node) for node in self._operators}
        # A node that became several operators: the last of them computes its value.
        self._last = {
            origin: node
            for node, origin in self._origins.items()
            if origin is not None and not self._is_step(node, origin)
        }

    def inputs(self, inputs: Sequence[Affine | None]) -> list[LayerPair]:
        placeholders = [node for node in self._twin.graph.nodes if node.op == "placeholder"]
        names = self._lowered.graph_signature.user_inputs
        given = self._quantized.graph_signature.user_inputs
        return [
            LayerPair(
                node=node,
                op="input",
                source=f"input {name}",
                module="",
                twin=twin.name,
                twin_op="input",
                affine=affine,
                channel_dim=_channel_dim("input", len(twin.meta["val"].shape)),
            )
            for node, name, twin, affine in zip(names, given, placeholders, inputs, strict=True)
            if affine is not None
        ]

    def pairs(self) -> list[LayerPair]:
        return [self._pair(node) for node in self._operators]

    def _pair(self, node: Any) -> LayerPair:
        place = node_location(node)
        common = {"node": node.name, "op": _operator(node)}
        origin = self._origins[node]
        source = place.source
        if origin is not None and _is_quantize(origin) and origin.args[0].op == "placeholder":
            source = f"input {origin.args[0].name}"
        common |= {"source": source, "module": place.module}
        if origin is None:
            return LayerPair(**common, reason="made by a pass of the backend")
        if self._last.get(origin) is not node:
            return LayerPair(
                **common, reason="an intermediate value of an operator the backend took apart"
            )
        stage, quantize = self._stage(node, origin)
        if stage is None:
            return LayerPair(**common, reason="its integers are not what a quantize gives")
        counterpart = self._counterpart(stage)
        if counterpart is None:
            return LayerPair(**common, reason=f"{_target(stage)} is not in the float model")
        value = counterpart.meta.get("val")
        shape = getattr(value, "shape", None)
        if shape is None or tuple(shape) != tuple(node.meta["val"].shape):
            return LayerPair(
                **common,
                reason=f"shape {_listed(node.meta['val'])} in the program, "
                f"{_listed(value)} in the float model",
            )
        return LayerPair(
            **common,
            twin=counterpart.name,
            twin_op=_target(counterpart) if counterpart.op == "call_function" else "input",
            affine=None if quantize is None else _affine(quantize),
            channel_dim=_channel_dim(common["op"], len(shape)),
            weights=self._weights(origin),
        )

    def _origin(self, node: Any) -> Any:
        """The quantized graph's node that a lowered node was made from."""
        for source in _history(node):
            if source.graph_id == id(self._quantized.graph) and source.name in self._nodes:
                return self._nodes[source.name]
        return None

    def _stage(self, node: Any, origin: Any) -> tuple[Any, Any]:
        """The last node of the quantized graph computed by `node`, and its quantize."""
        if _is_quantize(origin):
            return origin.args[0], origin
        if node.meta["val"].dtype.is_floating_point:
            return origin, None
        stage = origin
        while True:
            quantizes = [user for user in stage.users if _is_quantize(user)]
            if quantizes:
                return stage, quantizes[0]
            users = list(stage.users)
            if len(users) != 1 or users[0].op != "call_function" or users[0] in self._last:
                return None, None
            stage = users[0]

    def _counterpart(self, stage: Any) -> Any:
        """The float twin's node of a node of the quantized graph."""
        if stage.op == "placeholder":
            names = list(self._quantized.graph_signature.user_inputs)
            inputs = [node for node in self._twin.graph.nodes if node.op == "placeholder"]
            return inputs[names.index(stage.name)] if stage.name in names else None
        for source in _history(stage):
            found = self._twins.get(source.name)
            if found is not None and str(found.target) == str(source.target):
                return found
        return None

    def _is_step(self, node: Any, origin: Any) -> bool:
        operator = _operator(node)
        return operator in _STEPS and operator.rpartition("::")[2] not in str(origin.target)

    def _weights(self, origin: Any) -> tuple[Any, Any] | None:
        counterpart = self._counterpart(origin)
        if counterpart is None or len(origin.args) < 2 or len(counterpart.args) < 2:
            return None
        dequantize, weight = origin.args[1], counterpart.args[1]
        if getattr(weight, "op", "") != "get_attr" or not _is_dequantize(dequantize):
            return None
        values = [self._constant(argument) for argument in dequantize.args]
        if any(value is None for value in values):
            return None
        pair = (_attribute(self._twin, weight.target), dequantize.target(*values))
        # A transposed convolution has its output channels second.
        axis = 1 if "transpose" in str(origin.target) else 0
        return tuple(tensor.detach().transpose(0, axis) for tensor in pair)

    def _constant(self, argument: Any) -> Any:
        if getattr(argument, "op", "") != "placeholder":
            return None if hasattr(argument, "op") else argument
        for spec in self._quantized.graph_signature.input_specs:
            if spec.arg.name == argument.name:
                program = self._quantized
                return program.state_dict.get(spec.target, program.constants.get(spec.target))
        return None


def _computes(node: Any) -> bool:
    if node.op != "call_function" or not hasattr(node.target, "_schema"):
        return False
    operator = _operator(node)
    if operator in _SKIPPED or not hasattr(node.meta.get("val"), "dtype"):
        return False
    dtypes = [
        str(value.meta["val"].dtype)
        for value in (*node.all_input_nodes, node)
        if hasattr(value.meta.get("val"), "dtype")
    ]
    return not only_moves(operator, dtypes)


def _history(node: Any) -> list[Any]:
    """The node's NodeSources, newest first."""
    found = []
    sources = node.meta.get("from_node") or []
    while sources:
        found.append(sources[-1])
        sources = sources[-1].from_node
    return found


def _is_quantize(node: Any) -> bool:
    return "quantized_decomposed.quantize_per_" in str(getattr(node, "target", ""))


def _is_dequantize(node: Any) -> bool:
    return "quantized_decomposed.dequantize_per_" in str(getattr(node, "target", ""))


def _affine(quantize: Any) -> Affine | None:
    _, scale, zero_point, low, high = quantize.args[:5]
    return Affine(float(scale), int(zero_point), int(low), int(high))


def _operator(node: Any) -> str:
    return str(node.target._schema.name)


def _target(node: Any) -> str:
    schema = getattr(node.target, "_schema", None)
    return str(node.target) if schema is None else str(schema.name)


def _channel_dim(operator: str, rank: int) -> int:
    if rank < 2:
        return 0
    planes = rank == 4 or any(word in operator for word in ("conv", "pool"))
    return 1 if planes else rank - 1


def _attribute(module: Any, path: str) -> Any:
    for name in path.split("."):
        module = getattr(module, name)
    return module


def _listed(value: Any) -> str:
    shape = getattr(value, "shape", None)
    return "none" if shape is None else "(" + ", ".join(map(str, shape)) + ")"
