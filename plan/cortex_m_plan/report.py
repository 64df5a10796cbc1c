# SPDX-License-Identifier: Apache-2.0
"""The side file of a .pte: what the program itself does not say."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cortex_m_plan.errors import PlanError
from cortex_m_plan.program import Program

ISAS = ("scalar", "dsp", "mve")

_FORMAT = 1
_AGAIN = "make .pte and .json again, together, with cortex_m_lowering"


@dataclass(frozen=True)
class Origin:
    """Where an instruction comes from; a part that is not known is empty."""

    operator: str = ""
    node: str = ""
    source: str = ""
    module: str = ""


@dataclass(frozen=True)
class Quantization:
    """What the integers of an input or output mean; `scale` is 0 if they mean nothing else."""

    scale: float = 0.0
    zero_point: int = 0


@dataclass(frozen=True)
class Report:
    """The parts of the report that a plan needs. `scratch` is bytes by instruction.

    `inputs` and `outputs` have an entry for each of the program's, or none at all.
    """

    path: str
    isa: str
    target: str
    versions: dict[str, Any]
    origins: tuple[Origin, ...]
    scratch: dict[int, int]
    arena_bytes: int
    inputs: tuple[Quantization, ...] = ()
    outputs: tuple[Quantization, ...] = ()

    def origin(self, instruction: int) -> Origin:
        return self.origins[instruction] if instruction < len(self.origins) else Origin()


def read(path: Path) -> Report:
    """Reads a report and checks its form."""
    try:
        report = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise PlanError(
            f"{path}: the report of the program cannot be read: {error.strerror}",
            "a .pte does not say which instruction set its scratch buffers were sized for; "
            "its report does",
            fix="give --report the .json that cortex_m_lowering wrote beside the .pte",
        ) from None
    except ValueError as error:
        raise PlanError(f"{path}: not a report: {error}", fix=_AGAIN) from None
    if not isinstance(report, dict) or report.get("format") != _FORMAT:
        raise PlanError(
            f"{path}: not a report of format {_FORMAT}",
            fix="give --report the .json that cortex_m_lowering wrote beside the .pte",
        )
    return Report(
        path=str(path),
        isa=_field(path, report, "isa", str),
        target=_field(path, report, "target", str),
        versions=_field(path, report, "versions", dict),
        origins=tuple(
            Origin(*(str(item.get(name) or "") for name in ("op", "node", "source", "module")))
            for item in _tables(path, report, "instructions")
        ),
        scratch=_scratch_bytes(path, report),
        arena_bytes=_field(path, report, "arena_bytes", int),
        inputs=_interface(path, report, "inputs"),
        outputs=_interface(path, report, "outputs"),
    )


def check_isa(report: Report, isa: str) -> None:
    """Refuses a program lowered for another instruction set."""
    if report.isa != isa:
        raise PlanError(
            f"{report.path}: the program was lowered for isa {report.isa}, the plan is for {isa}",
            "scratch buffers are sized for one instruction set; another one overruns them",
            fix=f"lower the model with --isa {isa}, or build the plan for {report.isa}",
        )


def check_belongs(report: Report, program: Program) -> None:
    """Refuses a report that describes another program."""
    described = [origin.operator for origin in report.origins]
    present = [item.operator.rpartition(".")[0] for item in program.instructions]
    why = ""
    if len(described) != len(present):
        why = f"{len(described)} instructions, the program has {len(present)}"
    elif described != present:
        index = next(i for i, (a, b) in enumerate(zip(described, present, strict=True)) if a != b)
        why = f"instruction {index} as {described[index]}, the program has {present[index]}"
    elif report.arena_bytes != program.arena_bytes:
        why = f"an arena of {report.arena_bytes} B, the program has {program.arena_bytes} B"
    for kind in ("inputs", "outputs"):
        listed, given = len(getattr(report, kind)), len(getattr(program, kind))
        if not why and listed not in (0, given):
            why = f"{listed} {kind}, the program has {given}"
    if why:
        raise _foreign(report, program, why)


def check_scratch(report: Report, program: Program, planned: dict[int, int]) -> None:
    """Refuses a report whose scratch sizes are not those of the program."""
    for index in sorted(report.scratch.keys() | planned.keys()):
        described, present = report.scratch.get(index, 0), planned.get(index, 0)
        if described != present:
            raise _foreign(
                report,
                program,
                f"{described} B of scratch for instruction {index}, the program has {present} B",
            )


def _foreign(report: Report, program: Program, why: str) -> PlanError:
    return PlanError(
        f"{report.path}: describes another program than {program.path}: {why}", fix=_AGAIN
    )


def _field(path: Path, table: Any, name: str, kind: type) -> Any:
    value = table.get(name) if isinstance(table, dict) else None
    if type(value) is not kind:
        raise PlanError(f"{path}: {name} is missing or not a {kind.__name__}", fix=_AGAIN)
    return value


def _scratch_bytes(path: Path, report: dict[str, Any]) -> dict[int, int]:
    """Bytes by instruction, of all its scratch buffers together."""
    total: dict[int, int] = {}
    for item in _tables(path, report, "scratch"):
        instruction = _field(path, item, "instruction", int)
        planned = _field(path, item, "bytes", int)
        needed = item.get("binding_bytes", planned)
        if planned != needed:
            raise PlanError(
                f"{path}: instruction {instruction}, {item.get('op')}: {planned} B of scratch are "
                f"planned, CMSIS-NN's binding asks for {needed} B",
                fix=_AGAIN,
            )
        total[instruction] = total.get(instruction, 0) + planned
    return total


def _interface(path: Path, report: dict[str, Any], name: str) -> tuple[Quantization, ...]:
    found = []
    for item in _tables(path, report, name) if name in report else ():
        if item.get("scale") is None:
            found.append(Quantization())
        else:
            scale = _field(path, item, "scale", float)
            found.append(Quantization(scale, _field(path, item, "zero_point", int)))
    return tuple(found)


def _tables(path: Path, report: dict[str, Any], name: str) -> list[dict[str, Any]]:
    items = _field(path, report, name, list)
    if not all(isinstance(item, dict) for item in items):
        raise PlanError(f"{path}: {name} is not a list of tables", fix=_AGAIN)
    return items
