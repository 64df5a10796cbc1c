# SPDX-License-Identifier: Apache-2.0
"""From the tables of a .pte to the `Program`, refusing what a plan cannot express."""

import struct
from typing import Any, TypeVar

from cortex_m_plan import PROGRAM_VERSION
from cortex_m_plan.container import Container
from cortex_m_plan.errors import PlanError
from cortex_m_plan.program import Constants, DType, Instruction, Program, Tensor, Value

_DTYPES = {dtype.schema_name: dtype for dtype in DType}
_ARENA = 1
_METHOD = "forward"

_T = TypeVar("_T")


def decode(container: Container, tables: dict[str, Any]) -> Program:
    """Checks the tables of `container` and returns what they say."""
    return _Decoder(container).program(tables)


class _Decoder:
    """Walks the tables once. Nothing in them is believed: a damaged file may decode to any JSON."""

    def __init__(self, container: Container):
        self.container = container
        self.path = container.path
        self.constants = Constants()
        self.arena_bytes = 0
        self.values: list[Any] = []
        self.decoded: dict[int, Value] = {}
        self.constant_tensors: list[Tensor] = []

    # Access, with the errors of a damaged file.

    def damaged(self, why: str) -> PlanError:
        return self.container.damaged(why)

    def field(self, table: Any, name: str, kind: type[_T]) -> _T:
        value = table.get(name) if isinstance(table, dict) else None
        if type(value) is not kind:
            raise self.damaged(f"field {name} is missing or not a {kind.__name__}")
        return value

    def list_field(self, table: Any, name: str) -> list[Any]:
        """A vector, which the format lets be absent when empty."""
        if isinstance(table, dict) and table.get(name) is None:
            return []
        return self.field(table, name, list)

    def integers(self, table: Any, name: str) -> tuple[int, ...]:
        items = self.list_field(table, name)
        if not all(type(item) is int for item in items):
            raise self.damaged(f"field {name} holds something else than integers")
        return tuple(items)

    def entry(self, items: list[Any], index: int, what: str) -> Any:
        if not 0 <= index < len(items):
            raise self.damaged(f"{what} {index} of {len(items)} does not exist")
        return items[index]

    # The program.

    def program(self, tables: dict[str, Any]) -> Program:
        version = self.field(tables, "version", int)
        if version != PROGRAM_VERSION:
            raise PlanError(
                f"{self.path}: program version {version}, this compiler reads {PROGRAM_VERSION}",
                fix="lower the model with the ExecuTorch that this rule set is pinned to",
            )
        plan = self._execution_plan(tables)
        self._refuse_foreign_data(tables)
        self.constants = self._constants(tables)
        self.arena_bytes = self._arena_bytes(plan)
        self.values = self.list_field(plan, "values")
        for index in range(len(self.values)):
            self._value(index)
        return Program(
            path=self.path,
            file_bytes=len(self.container.data),
            arena_bytes=self.arena_bytes,
            constants=self.constants,
            inputs=self._ends(plan, "inputs"),
            outputs=self._ends(plan, "outputs"),
            instructions=self._instructions(plan),
            constant_tensors=tuple(self.constant_tensors),
        )

    def _execution_plan(self, tables: dict[str, Any]) -> dict[str, Any]:
        plans = self.list_field(tables, "execution_plan")
        names = [self.field(plan, "name", str) for plan in plans]
        if not names:
            raise self.damaged("it has no method")
        if names != [_METHOD]:
            raise PlanError(
                f"{self.path}: methods {', '.join(names)}; "
                f"a plan is made of one method, named {_METHOD}",
                fix="lower one nn.Module at a time",
            )
        delegates = self.list_field(plans[0], "delegates")
        if delegates:
            ids = sorted({self.field(delegate, "id", str) for delegate in delegates})
            raise PlanError(
                f"{self.path}: parts of the program are delegated to {', '.join(ids)}",
                "a plan calls the kernels of the Cortex-M dialect and nothing else",
                fix="lower the model without a partitioner (cortex_m_lowering uses none)",
            )
        return plans[0]

    def _refuse_foreign_data(self, tables: dict[str, Any]) -> None:
        if self.list_field(tables, "mutable_data_segments"):
            raise PlanError(
                f"{self.path}: the program has mutable data with an initial state",
                "a plan keeps constants in flash and everything else in the arena",
                fix="freeze the module's buffers, and hand state in and out as tensors",
            )
        if self.list_field(tables, "named_data"):
            raise PlanError(
                f"{self.path}: the program has named data blobs, which only delegates read",
                fix="lower the model without a partitioner (cortex_m_lowering uses none)",
            )
        for buffer in self.list_field(tables, "constant_buffer"):
            if self.list_field(buffer, "storage"):
                raise PlanError(
                    f"{self.path}: constants are inside the tables, not in a segment",
                    fix="lower the model with ExecuTorch 1.x, which puts them in a segment",
                )

    def _constants(self, tables: dict[str, Any]) -> Constants:
        segments = []
        for index, segment in enumerate(self.list_field(tables, "segments")):
            start = self.container.segment_base + self.field(segment, "offset", int)
            size = self.field(segment, "size", int)
            if start + size > len(self.container.data):
                raise PlanError(
                    f"{self.path}: cut short: segment {index} ends at byte {start + size}, "
                    f"the file at {len(self.container.data)}",
                    fix="make the .pte again with cortex_m_lowering, or copy it again whole",
                )
            if size and not self.container.segment_base:
                raise PlanError(
                    f"{self.path}: no extended header (eh00) after the file identifier, "
                    "which would say where the constants are",
                    fix="make the .pte again with cortex_m_lowering, or copy it again whole",
                )
            if size and start < self.container.program_bytes:
                raise self.damaged(f"segment {index} lies inside the program's tables")
            segments.append((start, size))

        table = tables.get("constant_segment")
        offsets = self.integers(table, "offsets") if table is not None else ()
        if not offsets:
            return Constants()
        index = self.field(table, "segment_index", int)
        if not segments and offsets == (0,):
            return Constants()
        start, size = self.entry(segments, index, "segment")
        if any(not 0 <= offset <= size for offset in offsets):
            raise self.damaged("a constant starts outside the constant segment")
        return Constants(start, size, offsets, self.container.data[start : start + size])

    def _arena_bytes(self, plan: dict[str, Any]) -> int:
        sizes = self.integers(plan, "non_const_buffer_sizes")
        for device in self.list_field(plan, "non_const_buffer_device"):
            if self.field(device, "device_type", str) != "CPU":
                raise PlanError(
                    f"{self.path}: memory is planned for another device than the CPU",
                    fix="lower the model without a partitioner (cortex_m_lowering uses none)",
                )
        # Entry 0 stands for the constants and is not used; memory_id counts from 1.
        if len(sizes) > _ARENA + 1:
            raise PlanError(
                f"{self.path}: {len(sizes) - 1} planned memories, a plan has one arena",
                fix="use a memory planning pass with one memory_id",
            )
        if any(not 0 <= size <= 0xFFFFFFFF for size in sizes):
            raise self.damaged("a planned memory has an impossible size")
        return sizes[_ARENA] if len(sizes) > _ARENA else 0

    def _ends(self, plan: dict[str, Any], name: str) -> tuple[Tensor, ...]:
        """The inputs or the outputs of the method."""
        tensors = []
        for position, index in enumerate(self.integers(plan, name)):
            value = self._value(index)
            what = f"{self.path}: {name[:-1]} {position}"
            if not isinstance(value, Tensor):
                raise PlanError(
                    f"{what} is not a tensor", fix="let forward() take and return tensors only"
                )
            if value.constant is not None:
                raise PlanError(
                    f"{what} is a constant", fix="let forward() return what it computes"
                )
            tensors.append(value)
        if not tensors:
            raise PlanError(
                f"{self.path}: the program has no {name}",
                fix="let forward() take and return at least one tensor",
            )
        return tuple(tensors)

    # The values.

    def _value(self, index: int) -> Value:
        if index not in self.decoded:
            self.decoded[index] = self._decode_value(index)
        return self.decoded[index]

    def _decode_value(self, index: int) -> Value:
        entry = self.entry(self.values, index, "value")
        kind = self.field(entry, "val_type", str)
        if kind in ("Null", "NONE"):
            return None
        table = self.field(entry, "val", dict)
        match kind:
            case "Tensor":
                return self._tensor(index, table)
            case "Int":
                return self.field(table, "int_val", int)
            case "Bool":
                return self.field(table, "bool_val", bool)
            case "Double":
                return _double(self.field(table, "double_val", int))
            case "String":
                return self.field(table, "string_val", str)
            case "IntList":
                return self._elements(table, int)
            case "DoubleList":
                return tuple(_double(item) for item in self.integers(table, "items"))
            case "BoolList":
                return tuple(self.list_field(table, "items"))
            case "TensorList" | "OptionalTensorList":
                return self._elements(table, (Tensor, type(None)))
        raise self.damaged(f"value {index} is of the unknown kind {kind}")

    def _elements(self, table: dict[str, Any], kinds: Any) -> tuple[Value, ...]:
        """A list whose items are indices of other values."""
        items = []
        for index in self.integers(table, "items"):
            if index == -1:  # None, in a list of optional tensors
                items.append(None)
                continue
            entry = self.entry(self.values, index, "value")
            if self.field(entry, "val_type", str).endswith("List"):
                raise self.damaged("a list holds a list")
            value = self._value(index)
            if not isinstance(value, kinds):
                raise self.damaged(f"value {index} has no place in its list")
            items.append(value)
        return tuple(items)

    def _tensor(self, index: int, table: dict[str, Any]) -> Tensor:
        schema_name = self._enumerator(table, "scalar_type")
        dtype = _DTYPES.get(schema_name)
        if dtype is None:
            raise PlanError(
                f"{self.path}: tensor %{index} has elements of type {schema_name}",
                f"supported: {', '.join(d.label for d in DType)}",
                fix="keep the model float32 outside and int8 inside",
            )
        sizes = self.integers(table, "sizes")
        order = self.integers(table, "dim_order")
        if self._enumerator(table, "shape_dynamism") != "STATIC":
            bound = "x".join(map(str, sizes))
            raise PlanError(
                f"{self.path}: tensor %{index} has a dynamic shape (at most {bound})",
                "a plan is compiled for one shape of every tensor",
                fix="export the model without dynamic_shapes",
            )
        if sorted(order) != list(range(len(sizes))):
            raise self.damaged(f"tensor %{index} has dim_order {list(order)}")
        if any(not 0 <= size <= 0x7FFFFFFF for size in sizes):
            raise self.damaged(f"tensor %{index} has sizes {list(sizes)}")
        if self.field(table, "storage_offset", int) != 0:
            raise self.damaged(f"tensor %{index} has a storage offset")
        self._refuse_extra(index, table.get("extra_tensor_info"))
        return self._placed(index, table, dtype, sizes, order)

    def _enumerator(self, table: dict[str, Any], name: str) -> str:
        """An enum's value: flatc prints the name, or the number if it has none."""
        value = table.get(name)
        if type(value) not in (str, int):
            raise self.damaged(f"field {name} is missing")
        return str(value)

    def _refuse_extra(self, index: int, extra: Any) -> None:
        if extra is None:
            return
        if self._enumerator(extra, "location") != "SEGMENT":
            raise PlanError(
                f"{self.path}: the data of tensor %{index} is in another file (a .ptd)",
                "a plan uses the weights inside the .pte",
                fix="lower the model without external_constants",
            )
        if self._enumerator(extra, "device_type") != "CPU":
            raise PlanError(
                f"{self.path}: tensor %{index} lives on another device than the CPU",
                fix="lower the model without a partitioner (cortex_m_lowering uses none)",
            )

    def _placed(
        self,
        index: int,
        table: dict[str, Any],
        dtype: DType,
        sizes: tuple[int, ...],
        order: tuple[int, ...],
    ) -> Tensor:
        buffer = self.field(table, "data_buffer_idx", int)
        allocation = table.get("allocation_info")
        if allocation is None and buffer == 0:
            if 0 in sizes:
                return Tensor(index, dtype, sizes, order, 0)
            raise PlanError(
                f"{self.path}: tensor %{index} has no place in the planned memory",
                "a plan has no allocator: inputs, outputs and everything between are planned",
                fix="lower with alloc_graph_input and alloc_graph_output (the default)",
            )
        if allocation is not None and buffer != 0:
            raise PlanError(
                f"{self.path}: tensor %{index} is mutable and has an initial state",
                "a plan keeps constants in flash and everything else in the arena",
                fix="freeze the module's buffers, and hand state in and out as tensors",
            )
        if allocation is None:
            self.entry(list(self.constants.offsets), buffer, "constant")
            tensor = Tensor(index, dtype, sizes, order, self.constants.offsets[buffer], buffer)
            self._check_bounds(tensor, self.constants.bytes, "the constant segment")
            self.constant_tensors.append(tensor)
            return tensor

        memory = self.field(allocation, "memory_id", int)
        if memory != _ARENA:
            raise PlanError(
                f"{self.path}: tensor %{index} is planned in memory {memory}, "
                f"a plan has one arena, memory {_ARENA}",
                fix="use a memory planning pass with one memory_id",
            )
        low = self.field(allocation, "memory_offset_low", int)
        high = self.field(allocation, "memory_offset_high", int)
        tensor = Tensor(index, dtype, sizes, order, (high << 32) + low)
        self._check_bounds(tensor, self.arena_bytes, "the planned memory")
        return tensor

    def _check_bounds(self, tensor: Tensor, limit: int, where: str) -> None:
        if tensor.end > limit:
            raise self.damaged(
                f"tensor %{tensor.id} ends at byte {tensor.end} of {where}, which has {limit}"
            )
        if tensor.offset % tensor.dtype.size:
            raise self.damaged(
                f"tensor %{tensor.id} ({tensor.dtype.label}) is misaligned in {where}, "
                f"at byte {tensor.offset}"
            )

    # The instructions.

    def _instructions(self, plan: dict[str, Any]) -> tuple[Instruction, ...]:
        chains = self.list_field(plan, "chains")
        if len(chains) != 1:
            raise PlanError(
                f"{self.path}: {len(chains)} chains of instructions, a plan is made of one",
                fix="lower the model with ExecuTorch 1.x, which writes one",
            )
        operators = [
            f"{self.field(item, 'name', str)}.{self.field(item, 'overload', str) or 'default'}"
            for item in self.list_field(plan, "operators")
        ]
        instructions = []
        for index, item in enumerate(self.list_field(chains[0], "instructions")):
            kind = self.field(item, "instr_args_type", str)
            if kind != "KernelCall":
                raise PlanError(
                    f"{self.path}: instruction {index} is a {kind}",
                    "a plan is a straight line of kernel calls",
                    fix="take branches and loops on data out of the model, and use no delegate",
                )
            call = self.field(item, "instr_args", dict)
            operator = self.entry(operators, self.field(call, "op_index", int), "operator")
            arguments = tuple(self._value(value) for value in self.integers(call, "args"))
            instructions.append(Instruction(index, operator, arguments))
        return tuple(instructions)


def _double(bits: int) -> float:
    (value,) = struct.unpack("<d", struct.pack("<Q", bits & 0xFFFFFFFFFFFFFFFF))
    return value
