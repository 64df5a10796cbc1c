# SPDX-License-Identifier: Apache-2.0
"""Programs for the tests: small .pte files made from tables, and the tool run on them.

A `Draft` collects values and instructions as a program has them, and becomes a .pte by way of
flatc and ExecuTorch's schema, without torch.
"""

import importlib.util
import json
import os
import struct
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cortex_m_plan import KERNEL_ABI, cli

HEADER_BYTES = 32
SIZES = {"FLOAT": 4, "CHAR": 1, "BYTE": 1, "SHORT": 2, "INT": 4, "LONG": 8, "BOOL": 1, "DOUBLE": 8}
NHWC = [0, 2, 3, 1]
"""The dim_order of a channels-last tensor."""

TESTDATA = Path(__file__).parent / "testdata"


def _wheel(variable: str, path: str) -> Path:
    """A file of the executorch wheel: named by the environment, or of this interpreter."""
    if variable in os.environ:
        return Path(os.environ[variable]).absolute()
    locations = importlib.util.find_spec("executorch").submodule_search_locations
    return Path(next(iter(locations))) / path


FLATC = _wheel("FLATC", "data/bin/flatc")
SCHEMA = _wheel("PROGRAM_SCHEMA", "exir/_serialize")


def kind(name: str, **content: Any) -> dict[str, Any]:
    """An EValue."""
    return {"val_type": name, "val": content}


def contiguous(sizes: list[int]) -> list[int]:
    return list(range(len(sizes)))


@dataclass
class Draft:
    """A program in the making. Every method returns the index of the value it adds."""

    values: list[dict[str, Any]] = field(default_factory=list)
    operators: list[str] = field(default_factory=list)
    instructions: list[dict[str, Any]] = field(default_factory=list)
    report_instructions: list[dict[str, Any]] = field(default_factory=list)
    scratches: list[dict[str, int]] = field(default_factory=list)
    inputs: list[int] = field(default_factory=list)
    outputs: list[int] = field(default_factory=list)
    constants: bytes = b""
    offsets: list[int] = field(default_factory=lambda: [0])
    arena: int = 0
    changes: dict[str, Any] = field(default_factory=dict)
    plan_changes: dict[str, Any] = field(default_factory=dict)

    def add(self, value: dict[str, Any]) -> int:
        self.values.append(value)
        return len(self.values) - 1

    def tensor(
        self,
        sizes: list[int],
        dtype: str = "CHAR",
        order: list[int] | None = None,
        at: int | None = None,
        **changes: Any,
    ) -> int:
        """A tensor in the arena, after all others unless `at` says where."""
        count = SIZES[dtype]
        for size in sizes:
            count *= size
        if at is None:
            at = self.arena
        self.arena = max(self.arena, (at + count + 15) // 16 * 16)
        place = {"memory_id": 1, "memory_offset_low": at, "memory_offset_high": 0}
        return self._tensor(sizes, dtype, order, {"allocation_info": place, **changes})

    def constant(
        self,
        sizes: list[int],
        dtype: str = "CHAR",
        order: list[int] | None = None,
        data: bytes | None = None,
    ) -> int:
        """A constant, of zeros unless `data` is given."""
        count = SIZES[dtype]
        for size in sizes:
            count *= size
        self.offsets.append(len(self.constants))
        self.constants += (bytes(count) if data is None else data) + bytes(-count % 16)
        return self._tensor(sizes, dtype, order, {"data_buffer_idx": len(self.offsets) - 1})

    def _tensor(
        self, sizes: list[int], dtype: str, order: list[int] | None, changes: dict[str, Any]
    ) -> int:
        content = {
            "scalar_type": dtype,
            "storage_offset": 0,
            "sizes": sizes,
            "dim_order": contiguous(sizes) if order is None else order,
            "requires_grad": False,
            "data_buffer_idx": 0,
            "layout": 0,
            "shape_dynamism": "STATIC",
        }
        return self.add(kind("Tensor", **{**content, **changes}))

    def literal(self, value: Any) -> int:
        match value:
            case None:
                return self.add(kind("Null"))
            case bool():
                return self.add(kind("Bool", bool_val=value))
            case int():
                return self.add(kind("Int", int_val=value))
            case float():
                return self.add(kind("Double", double_val=value))
            case str():
                return self.add(kind("String", string_val=value))
            case list():
                return self.add(kind("IntList", items=[self.literal(item) for item in value]))
        raise TypeError(value)

    def tensors(self, indices: Sequence[int | None]) -> int:
        """A list of tensors; None is left out."""
        items = [-1 if index is None else index for index in indices]
        return self.add(kind("OptionalTensorList" if -1 in items else "TensorList", items=items))

    def call(
        self, operator: str, *arguments: Any, out: int | tuple[int, ...] | list[int], **origin: str
    ) -> int | tuple[int, ...] | list[int]:
        """An instruction. Integers are values' indices; anything else is made a value in [...].

        `out` is a tensor, several in a tuple, or, as one argument, a list of them.
        """
        full = operator if "." in operator else f"{operator}.out"
        if full not in self.operators:
            self.operators.append(full)
        indices = [self.literal(a[0]) if isinstance(a, tuple) else a for a in arguments]
        if isinstance(out, int):
            ends = [out, out]
        elif isinstance(out, tuple):
            ends = [*out, self.tensors(out)]
        else:
            ends = [self.tensors(out), self.tensors(out)]
        index = len(self.instructions)
        self.instructions.append(
            {
                "instr_args_type": "KernelCall",
                "instr_args": {
                    "op_index": self.operators.index(full),
                    "args": [*indices, *ends],
                },
            }
        )
        self.report_instructions.append({"index": index, "op": full.rpartition(".")[0], **origin})
        for value in indices:
            content = self.values[value]["val"]
            if content.get("scalar_type") == "BYTE":
                self.scratches.append({"instruction": index, "bytes": content["sizes"][0]})
        return out

    def tables(self) -> dict[str, Any]:
        """The program as flatc takes it."""
        plan = {
            "name": "forward",
            "values": self.values,
            "inputs": self.inputs,
            "outputs": self.outputs,
            "chains": [{"inputs": [], "outputs": [], "instructions": self.instructions}],
            "operators": [
                {"name": name.rpartition(".")[0], "overload": name.rpartition(".")[2]}
                for name in self.operators
            ],
            "delegates": [],
            "non_const_buffer_sizes": [0, self.arena],
            **self.plan_changes,
        }
        return {
            "version": 0,
            "execution_plan": [plan],
            "segments": [{"offset": 0, "size": len(self.constants)}],
            "constant_segment": {"segment_index": 0, "offsets": self.offsets},
            **self.changes,
        }

    def write(self, folder: Path, name: str = "m", **report: Any) -> Path:
        """Writes NAME.pte and NAME.json; returns the .pte."""
        path = folder / f"{name}.pte"
        path.write_bytes(container(self.tables(), self.constants, folder))
        described = {
            "format": 1,
            "target": "cortex-m55",
            "isa": "mve",
            "versions": {
                "kernel_abi": KERNEL_ABI,
                "program_schema": "ET12 version 0",
                "executorch": "1.5.1",
            },
            "arena_bytes": self.arena,
            "instructions": self.report_instructions,
            "scratch": self.scratches,
            **report,
        }
        path.with_suffix(".json").write_text(json.dumps(described), "utf-8")
        return path


def container(tables: dict[str, Any], constants: bytes, folder: Path) -> bytes:
    """The bytes of a .pte: flatbuffer, extended header, constant segment."""
    (folder / "tables.json").write_text(json.dumps(tables), "utf-8")
    subprocess.run(
        [str(FLATC), "--binary", "-o", str(folder), str(SCHEMA / "program.fbs"), "tables.json"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    buffer = (folder / "tables.pte").read_bytes()
    if not constants:  # as ExecuTorch writes it
        return buffer
    (root,) = struct.unpack_from("<I", buffer)
    program_bytes = len(buffer) + HEADER_BYTES
    base = (program_bytes + 15) // 16 * 16
    header = struct.pack("<4sIQQQ", b"eh00", HEADER_BYTES, program_bytes, base, len(constants))
    head = struct.pack("<I", root + HEADER_BYTES) + buffer[4:8] + header + buffer[8:]
    return head + bytes(base - program_bytes) + constants


def plan(
    program: Path, out: Path, *, report: Path | None = None, isa: str = "mve", name: str = "m",
    more: tuple[str, ...] = (),
) -> int:  # fmt: skip
    """Runs the command line in this process; returns its exit status."""
    arguments = ["--program", program, "--report", report or program.with_suffix(".json")]
    arguments += ["--isa", isa, "--name", name, "--flatc", FLATC, "--schema-dir", SCHEMA]
    return cli.main([str(item) for item in [*arguments, "--out", out, *more]])


def steps(out: Path, name: str = "m") -> list[dict[str, Any]]:
    """The steps of a plan that was written."""
    return json.loads((out / f"{name}_plan.json").read_text("utf-8"))["steps"]


def run_python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """This interpreter, with this import path, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.run(
        [sys.executable, "-B", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )


def run_module(*arguments: str) -> subprocess.CompletedProcess[str]:
    """`python -m cortex_m_plan`."""
    return run_python("-m", "cortex_m_plan", *arguments)


def identity(draft: Draft | None = None) -> Draft:
    """The smallest program: float in, quantized, dequantized, float out."""
    draft = draft or Draft()
    source = draft.tensor([1, 4], "FLOAT")
    inside = draft.tensor([1, 4])
    target = draft.tensor([1, 4], "FLOAT")
    draft.inputs, draft.outputs = [source], [target]
    numbers = ((0.1,), (3,), (-128,), (127,), (1,))
    draft.call("cortex_m::quantize_per_tensor", source, *numbers, out=inside, node="quantize")
    numbers = ((0.25,), (-7,), (-128,), (127,), (1,))
    draft.call("cortex_m::dequantize_per_tensor", inside, *numbers, out=target)
    return draft


def ends(draft: Draft, source: int, target: int) -> Draft:
    """The program with one input and one output."""
    draft.inputs, draft.outputs = [source], [target]
    return draft


def convolution(
    draft: Draft,
    *,
    nhwc: bool = False,
    input_sizes: tuple[int, ...] = (1, 2, 5, 4),
    weight: tuple[int, ...] = (3, 3, 3, 2),
    output_sizes: tuple[int, ...] = (1, 3, 3, 2),
    stride: Any = (1, 1),
    padding: Any = (0, 0),
    dilation: Any = (1, 1),
    bias: bool = True,
    scratch: int = 48,
    order: list[int] | None = None,
    depth_multiplier: int | None = None,
    data: dict[str, bytes] | None = None,
    **changes: Any,
) -> Draft:
    """A program of one convolution. Shapes are logical NCHW, or NHWC with `nhwc`.

    `data` are bytes of its constants by name; the others are zeros, so that no requantization is
    one that the folded kernels take.
    """
    data = data or {}
    order = order or ([0, 1, 2, 3] if nhwc else NHWC)
    channels = output_sizes[3 if nhwc else 1]
    source = draft.tensor(list(input_sizes), changes.pop("dtype", "CHAR"), order)
    working = draft.tensor([scratch], "BYTE")
    target = draft.tensor(list(output_sizes), "CHAR", [0, 1, 2, 3] if nhwc else NHWC)
    kernel = draft.constant(list(weight), data=data.get("weight"))
    added = draft.literal(None)
    if bias:
        added = draft.constant([channels], "INT", data=data.get("bias"))
    count = changes.pop("multipliers", channels)
    multipliers = draft.constant([count], "INT", data=data.get("multipliers"))
    shifts = draft.constant([channels], "INT", data=data.get("shifts"))
    name = "quantized_conv2d" if depth_multiplier is None else "quantized_depthwise_conv2d"
    extra = [] if depth_multiplier is None else [(depth_multiplier,)]
    draft.call(
        f"cortex_m::{name}{'_nhwc' * nhwc}",
        source, kernel, added, (list(stride),), (list(padding),), (list(dilation),), *extra,
        (5,), (-3,), multipliers, shifts, (changes.pop("low", -128),), (127,), working,
        out=target, node="conv_node", source="net.py:7 self.conv(x)", module="body.conv",
    )  # fmt: skip
    assert not changes
    return ends(draft, source, target)
