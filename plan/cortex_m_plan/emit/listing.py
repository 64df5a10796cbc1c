# SPDX-License-Identifier: Apache-2.0
"""NAME_plan.json: the plan for tools."""

import json
from collections.abc import Sequence
from typing import Any

from cortex_m_plan import versions
from cortex_m_plan.arena.check import Overlap
from cortex_m_plan.memory import Buffer
from cortex_m_plan.plan import Plan, Port
from cortex_m_plan.program import Tensor
from cortex_m_plan.step import Step

_FORMAT = 4


def text(plan: Plan, overlaps: Sequence[Overlap]) -> str:
    """The plan as JSON, keys sorted; `overlaps` are those that the check has found."""
    return json.dumps(_plan(plan, overlaps), indent=1, sort_keys=True) + "\n"


def _plan(plan: Plan, overlaps: Sequence[Overlap]) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "name": plan.name,
        "isa": plan.report.isa,
        "target": _target(plan),
        "embed": plan.embed,
        "versions": {
            "program": plan.report.versions,
            "tool": versions.of_tool(plan.build),
            "findings": [vars(finding) for finding in plan.findings],
        },
        "program_bytes": plan.program.file_bytes,
        "arena_bytes": plan.arena.bytes,
        "arena": _arena(plan, overlaps),
        "kernels": plan.kernels,
        "inputs": [_port(plan, port) for port in plan.inputs],
        "outputs": [_port(plan, port) for port in plan.outputs],
        "steps": [_step(plan, step) for step in plan.steps],
        "memory": [_buffer(plan, buffer) for buffer in plan.memory.buffers],
        "constants": _constants(plan),
    }


def _arena(plan: Plan, overlaps: Sequence[Overlap]) -> dict[str, Any]:
    """How large the arena is and why, and which inputs lie over outputs."""
    arena = plan.arena
    return {
        "bytes": arena.bytes,
        "program_bytes": arena.program_bytes,
        "bound_without_overlap": arena.bound_without_overlap,
        "bound": arena.bound,
        "proved": arena.proved,
        "method": arena.method,
        "peak": {
            "moment": arena.peak,
            "buffers": [
                number
                for number, buffer in enumerate(plan.memory.buffers)
                if buffer.first <= arena.peak <= buffer.last
            ],
        },
        "overlaps": [
            {
                "index": overlap.instruction,
                "part": overlap.part,
                "role": overlap.role,
                "input": overlap.source,
                "output": overlap.target,
                "distance": overlap.clause.distance,
                "multiple": overlap.clause.multiple,
                "delta": overlap.delta,
            }
            for overlap in overlaps
        ],
        "shared": plan.shared_arena or None,
        "banks": [
            {"region": bank.region, "bytes": bank.bytes, "capacity": bank.capacity}
            for bank in arena.banks
        ],
    }


def _constants(plan: Plan) -> dict[str, Any]:
    """What the program has, what of it is in flash, and the tables beside it.

    With the program embedded whole, `live_bytes` are all its constants, those that nothing reads
    (`dropped`) too.
    """
    layout = plan.flash
    return {
        "bytes": plan.constants.bytes,
        "file_offset": plan.constants.file_offset,
        "live_bytes": layout.constant_bytes,
        "dropped_bytes": sum(constant.bytes for constant in layout.dropped),
        "dropped": [vars(constant) for constant in layout.dropped],
        "pieces": [{"symbol": piece.symbol, "bytes": piece.bytes} for piece in layout.pieces],
        "table_bytes": layout.table_bytes,
        "tables": [
            {
                "what": placed.table.what,
                "dtype": placed.table.dtype.label,
                "symbol": placed.symbol,
                "bytes": len(placed.table.data),
                "steps": [{"index": index, "part": part} for index, part in placed.readers],
            }
            for placed in layout.tables
        ],
        "flash_bytes": layout.bytes,
    }


def _target(plan: Plan) -> dict[str, Any]:
    """The core the plan is for, and what the program was lowered for in its place."""
    build, side = plan.build, plan.report
    notes = []
    if build.core != build.executorch_core:
        notes.append(
            f"ExecuTorch's Cortex-M backend has no {build.core}: it stands as "
            f"{build.executorch_core}, whose instruction set classes it shares"
        )
    if build.core and side.target != build.core:
        notes.append(
            f"lowered for {side.target}, isa {side.isa}: scratch sizes depend on the isa alone, "
            "so that one lowering serves all cores of an isa"
        )
    return {
        "core": build.core or None,
        "isa": build.isa,
        "executorch_core": build.executorch_core or None,
        "lowered_for": side.target,
        "notes": notes,
    }


def _tensor(plan: Plan, tensor: Tensor) -> dict[str, Any]:
    """A tensor of the arena; `offset` counts from the start of its bank."""
    number, bank = plan.arena.bank(tensor.offset)
    return {
        "bank": number,
        "id": tensor.id,
        "dtype": tensor.dtype.label,
        "shape": tensor.sizes,
        "dim_order": tensor.dim_order,
        "offset": tensor.offset - bank.start,
        "bytes": tensor.bytes,
    }


def _port(plan: Plan, port: Port) -> dict[str, Any]:
    return {**_tensor(plan, port.tensor), "scale": port.scale, "zero_point": port.zero_point}


def _step(plan: Plan, step: Step) -> dict[str, Any]:
    """A step; `vanished` says why a copy needs no instruction, and is null for all others."""
    origin = plan.report.origin(step.instruction.index)
    return {
        "index": step.instruction.index,
        "part": step.part,
        "operator": step.instruction.operator,
        "symbol": plan.symbol(step),
        "kernel": step.kernel or None,
        "moment": plan.order.index(step.instruction.index),
        "tile": step.way.text or None,
        "tile_number": step.way.tile,
        "rejected": [{"kernel": kernel, "why": why} for kernel, why in step.rejected],
        "macs": step.macs,
        "node": origin.node,
        "module": origin.module,
        "source": origin.source,
        "summary": step.summary,
        "parameters": dict(step.parameters),
        "scratch": [
            {
                "need": scratch.need.format(tile=step.way.tile),
                "bytes": scratch.tensor.bytes,
                "program_bytes": plan.arena.program_scratch[scratch.tensor.id],
            }
            for scratch in step.scratches
        ],
        "fused": list(step.fused),
        "vanished": plan.vanished.get((step.instruction.index, step.part)),
    }


def _buffer(plan: Plan, buffer: Buffer) -> dict[str, Any]:
    """A value in the arena, with the moments from which and to which it lives.

    Moments are places in the order of execution; `first` is -1 for inputs, `last` the number of
    instructions for outputs.
    """
    return {
        **_tensor(plan, buffer.tensor),
        "name": plan.buffer_name(buffer),
        "kind": buffer.kind,
        "first": buffer.first,
        "last": buffer.last,
        "views": sorted(buffer.views),
    }
