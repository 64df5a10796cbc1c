# SPDX-License-Identifier: Apache-2.0
"""The JSON report: what was lowered, for which target, with which memory."""

import dataclasses
import json
from collections import Counter
from typing import Any

import numpy as np

from cortex_m_lowering.program import FLOAT_COPY, Instruction, Program, Quantization, Tensor
from cortex_m_lowering.samples import InputSpec, Samples
from cortex_m_lowering.vectors import Vectors

FORMAT = 1
# Must equal CORTEX_M_KERNEL_ABI of cortex_m/kernels.h: what a plan may call. A test compares them.
KERNEL_ABI = 4


def make_report(
    *,
    name: str,
    target: Any,
    versions: dict[str, Any],
    program: Program,
    vectors: Vectors,
    io: str,
    agreement: list[dict[str, Any]],
    calibration: dict[str, Any],
    layout_hint: str,
    layers: dict[str, Any] | None = None,
) -> bytes:
    """The report as bytes: sorted keys, no times, no paths of this machine."""
    operators = Counter(instruction.op for instruction in program.instructions)
    content = {
        "format": FORMAT,
        "name": name,
        "target": target.core,
        "isa": target.isa,
        "io": io,
        "lowering_target": target.upstream,
        "notes": _notes(target, program, layout_hint),
        "versions": {
            **versions,
            "program_schema": program.schema,
            "kernel_abi": KERNEL_ABI,
        },
        "arena_bytes": program.arena_bytes,
        "program_bytes": len(program.data),
        "constant_bytes": sum(t.bytes for t in program.tensors if t.kind == "constant"),
        "inputs": _interface(program.inputs, program.input_quantization),
        "outputs": _interface(program.outputs, program.output_quantization),
        "operators": dict(operators),
        "instructions": [_place(i) for i in program.instructions],
        "float_operators": [
            {**_place(i), "reason": i.reason} for i in program.instructions if i.is_float
        ],
        "float_copies": [_place(i) for i in program.instructions if i.float_use == FLOAT_COPY],
        "tensors": [
            dataclasses.asdict(tensor) for tensor in program.tensors if tensor.kind != "constant"
        ],
        "constants": [
            {"name": t.name, "dtype": t.dtype, "shape": t.shape, "bytes": t.bytes}
            for t in program.tensors
            if t.kind == "constant"
        ],
        "scratch": [
            {"isa": target.isa, **dataclasses.asdict(scratch)} for scratch in program.scratch
        ],
        "quantization": list(program.quantization),
        "vectors": {
            "count": len(vectors.inputs),
            "labelled": vectors.labels is not None,
            "float_correct": vectors.float_correct,
            "int8_correct": vectors.int8_correct,
        },
        "agreement": agreement,
        "calibration": calibration,
        **(layers or {}),
    }
    return _readable(content).encode("ascii")


def calibration_summary(specs: list[InputSpec], samples: Samples, source: str) -> dict[str, Any]:
    """Number of calibration samples and the range of each input."""
    return {
        "source": source,
        "samples": len(samples),
        "inputs": [
            {"name": spec.name, "min": _number(array.min()), "max": _number(array.max())}
            for spec, array in zip(specs, samples.inputs, strict=True)
        ],
    }


def _place(instruction: Instruction) -> dict[str, Any]:
    return {
        name: getattr(instruction, name) for name in ("index", "op", "node", "source", "module")
    }


def _interface(
    tensors: tuple[Tensor, ...], quantization: tuple[Quantization | None, ...]
) -> list[dict[str, Any]]:
    return [
        {
            "name": tensor.name,
            "dtype": tensor.dtype,
            "shape": tensor.shape,
            "dim_order": tensor.dim_order,
            "bytes": tensor.bytes,
            "scale": None if parameters is None else parameters.scale,
            "zero_point": None if parameters is None else parameters.zero_point,
        }
        for tensor, parameters in zip(tensors, quantization, strict=True)
    ]


def _notes(target: Any, program: Program, layout_hint: str) -> list[str]:
    notes = []
    if target.core != target.upstream:
        notes.append(
            f"ExecuTorch's Cortex-M backend has no {target.core}: lowered as {target.upstream}, "
            "whose CMSIS-NN code paths it shares"
        )
    count = sum(instruction.is_float for instruction in program.instructions)
    if count:
        notes.append(f"{count} operators compute in float, see float_operators{layout_hint}")
    return notes


def _readable(content: dict[str, Any]) -> str:
    # One line per list entry: an instruction or a tensor reads as a row of a table.
    def compact(value: Any) -> str:
        return json.dumps(value, sort_keys=True, allow_nan=False, ensure_ascii=True)

    members = []
    for key in sorted(content):
        value = content[key]
        if isinstance(value, list) and value:
            rows = ",\n".join(f"  {compact(entry)}" for entry in value)
            members.append(f" {compact(key)}: [\n{rows}\n ]")
        else:
            members.append(f" {compact(key)}: {compact(value)}")
    return "{\n" + ",\n".join(members) + "\n}\n"


def _number(value: np.generic) -> float | int | bool:
    return value.item()
