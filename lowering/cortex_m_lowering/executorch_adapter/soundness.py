# SPDX-License-Identifier: Apache-2.0
"""Numbers no kernel can compute with: refused where they arise, by the operator's name."""

import math
from collections.abc import Iterator
from typing import Any

from cortex_m_lowering.errors import LoweringError
from cortex_m_lowering.executorch_adapter.boundary import Boundary
from cortex_m_lowering.provenance import node_location

# Below, float32 loses digits; a quotient of two such scales can be infinite.
_SMALLEST_SCALE = 2.0**-126

# requantize shifts an int64: outside it the reference itself fails, or wraps.
_SHIFTS = (-62, 30)

_TAKE_RAW_NUMBERS = frozenset(
    {"aten::full_like."}
    | {f"aten::{comparison}.Scalar" for comparison in ("eq", "ge", "gt", "le", "lt", "ne")}
)

_INT32 = (-(2**31), 2**31 - 1)


def check_scales(quantized: Any, origin: str) -> None:
    """Refuse scales that are no positive normal numbers, in a quantized graph."""
    for node in quantized.graph.nodes:
        if not str(node.target).startswith("quantized_decomposed."):
            continue
        for scale in _scales(node, quantized):
            if not math.isfinite(scale) or scale < _SMALLEST_SCALE:
                raise LoweringError(
                    f"{origin}: {_described(_neighbour(node))} is quantized with the scale "
                    f"{scale:g}, which is not a positive normal float32; look at the range its "
                    "values have with the calibration data"
                )


def check_biases(quantized: Any, origin: str) -> None:
    """Refuse biases that do not fit their int32, in a quantized graph.

    A bias is in steps of input scale x weight scale. torchao clamps or wraps what is too large.
    """
    for node in quantized.graph.nodes:
        value = _constant(node, quantized)
        if value is None or str(value.dtype) != "torch.int32" or not value.numel():
            continue
        extremes = (int(value.min()), int(value.max()))
        if extremes[0] <= _INT32[0] or extremes[1] >= _INT32[1]:
            raise LoweringError(
                f"{origin}: the bias of {_described(_reader(node))} overflows int32 in steps of "
                "input scale x weight scale: it is too large beside the weights, some 2^31 such "
                "steps; scale the layer's weights up or its bias down"
            )


def check_requantization(lowered: Any, origin: str) -> None:
    """Refuse multipliers and shifts outside what requantization can do, in a lowered graph."""
    for node in lowered.graph_module.graph.nodes:
        if node.op != "call_function" or "cortex_m." not in str(node.target):
            continue
        for name, value in _requantization(node, lowered):
            low, high = _SHIFTS if name.endswith(("shift", "shifts")) else _INT32
            if not low <= value <= high:
                raise LoweringError(
                    f"{origin}: {_described(node)} would need {name} {value}; {low} .. {high} are "
                    "possible. The scales of its inputs and of its output are too far apart: look "
                    "at the ranges with the calibration data"
                )


def check_raw_numbers(lowered: Any, boundary: Boundary, origin: str) -> None:
    """Refuse operators that would apply a number of the model to raw int8 values.

    Folding the quantization into them, ExecuTorch 1.5.1 leaves their number as it is: zeros_like
    becomes int8 zeros and `x > 0` compares with the int8 0, whatever the zero point.
    """
    names = lowered.graph_signature.user_inputs
    quantized = {name for name, affine in zip(names, boundary.inputs, strict=True) if affine}
    for node in lowered.graph_module.graph.nodes:
        operand = node.args[0] if node.args else None
        if node.op != "call_function" or not _is_quantized(operand, quantized):
            continue
        schema = getattr(node.target, "_schema", None)
        if f"{schema.name}.{schema.overload_name}" in _TAKE_RAW_NUMBERS:
            raise LoweringError(
                f"{origin}: {_described(node)} works on a quantized tensor, and ExecuTorch 1.5.1 "
                "does not quantize the number it takes. Make the number a buffer of the module: "
                "instead of zeros_like, ones_like or full_like, or as the other side of a "
                "comparison; for a bound use relu or clamp"
            )


def non_finite_operator(module: Any, sample: tuple) -> str:
    """The first operator of a float graph whose result holds NaN or infinity, or nothing."""
    import torch

    class Watch(torch.fx.Interpreter):
        found = ""

        def run_node(self, node: Any) -> Any:
            result = super().run_node(node)
            if (
                not self.found
                and isinstance(result, torch.Tensor)
                and result.is_floating_point()
                and not bool(torch.isfinite(result).all())
            ):
                self.found = _described(node)
            return result

    watch = Watch(module)
    with torch.no_grad():
        watch.run(*sample)
    return watch.found


def _scales(node: Any, program: Any) -> Iterator[float]:
    scale = node.args[1]
    if isinstance(scale, (int, float)):
        yield float(scale)
    else:
        value = _constant(scale, program)
        if value is not None:
            yield from value.reshape(-1).tolist()


def _requantization(node: Any, program: Any) -> Iterator[tuple[str, int]]:
    for parameter, value in zip(node.target._schema.arguments, node.args, strict=False):
        if not parameter.name.endswith(("shift", "shifts", "multiplier", "multipliers")):
            continue
        if parameter.name == "depth_multiplier":
            continue
        constant = _constant(value, program)
        if constant is not None:
            value = constant.reshape(-1).tolist()
        for number in value if isinstance(value, (list, tuple)) else (value,):
            if isinstance(number, int):
                yield parameter.name, number


def _constant(node: Any, program: Any) -> Any:
    """The tensor a placeholder stands for, if it is a constant of the program."""
    if getattr(node, "op", "") != "placeholder":
        return None
    signature = program.graph_signature
    targets = (
        signature.inputs_to_parameters
        | signature.inputs_to_buffers
        | signature.inputs_to_lifted_tensor_constants
    )
    target = targets.get(node.name)
    if target is None:
        return None
    return program.state_dict.get(target, program.constants.get(target))


def _is_quantized(node: Any, inputs: set[str]) -> bool:
    """Whether a value is int8 without being the user's own int8 input; `inputs` are not."""
    value = getattr(node, "meta", {}).get("val")
    if str(getattr(value, "dtype", "")) != "torch.int8":
        return False
    return node.op == "call_function" or node.name in inputs


def _neighbour(node: Any) -> Any:
    """The operator whose result a quantize node quantizes, or a dequantize node feeds."""
    source = node.args[0]
    return source if source.op == "call_function" else _reader(node)


def _reader(node: Any) -> Any:
    """The first operator that uses a value, past its dequantization."""
    while node.users:
        node = next(iter(node.users))
        if not str(node.target).startswith("quantized_decomposed."):
            break
    return node


def _described(node: Any) -> str:
    if node.op != "call_function":
        return f"input {node.name}"
    place = node_location(node)
    module = f"module {place.module}" if place.module else ""
    where = ", ".join(filter(None, (place.source, module)))
    name = getattr(node.target, "_schema", None)
    return (name.name if name is not None else str(node.target)) + (f" at {where}" if where else "")
