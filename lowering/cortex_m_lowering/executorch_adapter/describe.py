# SPDX-License-Identifier: Apache-2.0
"""What is in an emitted program: instructions, tensors, scratch buffers, quantization."""

from typing import Any

from cortex_m_lowering.errors import LoweringError
from cortex_m_lowering.executorch_adapter.boundary import Boundary
from cortex_m_lowering.executorch_adapter.verdicts import float_reason
from cortex_m_lowering.movement import only_moves
from cortex_m_lowering.program import (
    FLOAT_COMPUTE,
    FLOAT_COPY,
    Instruction,
    Program,
    Quantization,
    Scratch,
    Tensor,
)
from cortex_m_lowering.provenance import node_location

_VIEW = "executorch_prim::et_view"
_QUANTIZE = "cortex_m::quantize_per_tensor"
_DEQUANTIZE = "cortex_m::dequantize_per_tensor"
_FLOATS = frozenset({"float16", "bfloat16", "float32", "float64"})


class Description:
    """Reads the emitted plan beside the graph it was emitted from."""

    def __init__(
        self, graph: Any, plan: Any, required: dict[str, list[int]], boundary: Boundary
    ) -> None:
        self._plan = plan
        self._required = required
        self._boundary = boundary
        self._calls = _match(graph, plan)
        self._names: dict[int, str] = {}
        self._kinds: dict[int, str] = {}
        self._uses: dict[int, list[int]] = {}
        self._scratch: list[tuple[int, str, int, int]] = []
        self._name_inputs(graph)
        for index, (node, arguments) in enumerate(self._calls):
            self._name_arguments(index, node, arguments)
        for position, value in enumerate(plan.outputs):
            self._kinds[value] = "output"
            self._names.setdefault(value, f"output_{position}")

    def program(self, data: bytes, version: int) -> Program:
        plan = self._plan
        tensors = {value: self._tensor(value) for value in sorted(self._names)}
        return Program(
            data=data,
            schema=f"{data[4:8].decode('ascii')} version {version}",
            arena_bytes=sum(plan.non_const_buffer_sizes[1:]),
            inputs=tuple(tensors[value] for value in plan.inputs),
            outputs=tuple(tensors[value] for value in plan.outputs),
            tensors=tuple(tensors.values()),
            instructions=tuple(
                self._instruction(i, node, arguments)
                for i, (node, arguments) in enumerate(self._calls)
            ),
            scratch=tuple(self._scratch_of(entry, tensors) for entry in self._scratch),
            input_quantization=tuple(
                _quantization(affine) or self._parameters(value, _QUANTIZE, 0)
                for value, affine in zip(plan.inputs, self._boundary.inputs, strict=True)
            ),
            output_quantization=tuple(
                _quantization(affine) or self._parameters(value, _DEQUANTIZE, -1)
                for value, affine in zip(plan.outputs, self._boundary.outputs, strict=True)
            ),
            quantization=tuple(
                entry
                for i, (node, _) in enumerate(self._calls)
                if (entry := _quantization_of(i, node)) is not None
            ),
        )

    def _name_inputs(self, graph: Any) -> None:
        # User inputs are the last placeholders; everything before them is constant.
        placeholders = [node for node in graph.nodes if node.op == "placeholder"]
        names = placeholders[len(placeholders) - len(self._plan.inputs) :]
        for value, node in zip(self._plan.inputs, names, strict=True):
            self._names[value] = node.name
            self._kinds[value] = "input"

    def _name_arguments(self, index: int, node: Any, arguments: list[int]) -> None:
        parameters = node.target._schema.arguments
        requirements = iter(self._required.get(node.name, ()))
        for parameter, value in zip(parameters, arguments, strict=False):
            item = self._plan.values[value].val
            members = [value] if _is_tensor(item) else _members(item)
            for member in members:
                self._uses.setdefault(member, []).append(index)
                if member in self._names:
                    continue
                self._names[member] = self._name(node, parameter, member)
                tensor = self._plan.values[member].val
                if tensor.allocation_info is None:
                    self._kinds[member] = "constant"
                elif parameter.name.endswith("scratch"):
                    self._kinds[member] = "scratch"
                    self._scratch.append((index, node.name, member, next(requirements, 0)))
                else:
                    self._kinds[member] = "activation"

    def _name(self, node: Any, parameter: Any, value: int) -> str:
        import torch

        if parameter.is_out:
            return node.name
        given = node.kwargs.get(parameter.name)
        for position, declared in enumerate(node.target._schema.arguments):
            if declared.name == parameter.name and position < len(node.args):
                given = node.args[position]
        if parameter.name.endswith("scratch"):
            return f"{node.name}.{parameter.name}"
        return given.name if isinstance(given, torch.fx.Node) else f"value_{value}"

    def _tensor(self, value: int) -> Tensor:
        import torch
        from executorch.exir.schema import ScalarType

        tensor = self._plan.values[value].val
        dtype = _dtype_name(ScalarType(tensor.scalar_type))
        width = torch.empty(0, dtype=getattr(torch, dtype)).element_size()
        elements = 1
        for size in tensor.sizes:
            elements *= size
        uses = self._uses.get(value, [])
        kind = self._kinds[value]
        first, last = (min(uses), max(uses)) if uses else (-1, -1)
        if kind == "input":
            first = 0
        if kind == "output":
            last = len(self._calls) - 1
        offset = -1 if tensor.allocation_info is None else tensor.allocation_info.memory_offset
        return Tensor(
            name=self._names[value],
            kind=kind,
            dtype=dtype,
            shape=tuple(tensor.sizes),
            dim_order=tuple(tensor.dim_order),
            bytes=elements * width,
            offset=offset,
            first=first,
            last=last,
        )

    def _instruction(self, index: int, node: Any, arguments: list[int]) -> Instruction:
        operator = self._operator(index)
        location = node_location(node)
        source = location.source
        if not source and operator == _QUANTIZE and arguments[0] in self._plan.inputs:
            source = f"input {self._names[arguments[0]]}"
        if not source and operator == _DEQUANTIZE and arguments[-1] in self._plan.outputs:
            source = f"output {self._plan.outputs.index(arguments[-1])}"
        float_use = self._float_use(operator, arguments)
        return Instruction(
            index=index,
            op=operator,
            node=node.name,
            source=source,
            module=location.module,
            float_use=float_use,
            reason=float_reason(node) if float_use == FLOAT_COMPUTE else "",
        )

    def _float_use(self, operator: str, arguments: list[int]) -> str:
        from executorch.exir.schema import ScalarType

        items = [self._plan.values[value].val for value in arguments]
        members = [self._plan.values[member].val for item in items for member in _members(item)]
        dtypes = [
            _dtype_name(ScalarType(item.scalar_type))
            for item in (*items, *members)
            if _is_tensor(item)
        ]
        if operator.startswith("cortex_m::") or not _FLOATS.intersection(dtypes):
            return ""
        return FLOAT_COPY if only_moves(operator, dtypes) else FLOAT_COMPUTE

    def _operator(self, index: int) -> str:
        call = self._plan.chains[0].instructions[index].instr_args
        return self._plan.operators[call.op_index].name

    def _scratch_of(self, entry: tuple, tensors: dict[int, Tensor]) -> Scratch:
        index, node, value, required = entry
        tensor = tensors[value]
        if tensor.bytes != required:
            raise LoweringError(
                f"{self._operator(index)} (node {node}, instruction {index}): its scratch buffer "
                f"{tensor.name} is planned with {tensor.bytes} bytes, CMSIS-NN's binding asks for "
                f"{required}; the executorch package is not what this tool was made for"
            )
        call = self._calls[index][1]
        output = tensors[call[-1]]
        return Scratch(
            instruction=index,
            op=self._operator(index),
            shape=output.shape,
            bytes=tensor.bytes,
            binding_bytes=required,
            offset=tensor.offset,
        )

    def _parameters(self, value: int, operator: str, position: int) -> Quantization | None:
        for index, (node, arguments) in enumerate(self._calls):
            if self._operator(index) == operator and arguments[position] == value:
                return Quantization(scale=float(node.args[1]), zero_point=int(node.args[2]))
        return None


def _match(graph: Any, plan: Any) -> list[tuple[Any, list[int]]]:
    """Pair every instruction with the graph node it was emitted from, in order."""
    import torch
    from executorch.exir import memory

    nodes = iter(
        node
        for node in graph.nodes
        if node.op == "call_function"
        and (isinstance(node.target, torch._ops.OpOverload) or node.target is memory.view)
    )
    calls = []
    for index, instruction in enumerate(plan.chains[0].instructions):
        call = instruction.instr_args
        name = plan.operators[call.op_index].name
        for node in nodes:
            # A view that only renames planned memory emits no instruction.
            if node.target is memory.view and name != _VIEW:
                continue
            break
        else:
            raise RuntimeError(f"instruction {index} ({name}) has no node in the graph")
        expected = _VIEW if node.target is memory.view else node.target._schema.name
        if expected != name:
            raise RuntimeError(f"instruction {index} is {name}, the graph has {expected}")
        calls.append((node, list(call.args)))
    return calls


def _is_tensor(item: Any) -> bool:
    return hasattr(item, "scalar_type")


def _members(item: Any) -> list[int]:
    from executorch.exir.schema import OptionalTensorList, TensorList

    if isinstance(item, (TensorList, OptionalTensorList)):
        return [member for member in item.items if member >= 0]
    return []


def _dtype_name(scalar_type: Any) -> str:
    names = {"BYTE": "uint8", "CHAR": "int8", "SHORT": "int16", "INT": "int32", "LONG": "int64"}
    names |= {"HALF": "float16", "FLOAT": "float32", "DOUBLE": "float64", "BOOL": "bool"}
    return names.get(scalar_type.name, scalar_type.name.lower())


def _quantization(affine: Any) -> Quantization | None:
    return affine and Quantization(scale=affine.scale, zero_point=affine.zero_point)


def _quantization_of(index: int, node: Any) -> dict | None:
    outputs = node.meta.get("output_qparams") or {}
    inputs = node.meta.get("input_qparams") or {}
    if not outputs and not inputs:
        return None
    return {
        "instruction": index,
        "node": node.name,
        "inputs": {str(i): _affine(inputs[i]) for i in sorted(inputs)},
        "outputs": {str(i): _affine(outputs[i]) for i in sorted(outputs)},
    }


def _affine(parameters: Any) -> dict:
    scale, zero_point = parameters.scale, parameters.zp
    return {
        "scale": [float(s) for s in scale] if isinstance(scale, list) else float(scale),
        "zero_point": (
            [int(z) for z in zero_point] if isinstance(zero_point, list) else int(zero_point)
        ),
        "quant_min": int(parameters.qmin),
        "quant_max": int(parameters.qmax),
    }
