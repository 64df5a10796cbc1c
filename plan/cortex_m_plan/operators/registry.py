# SPDX-License-Identifier: Apache-2.0
"""The operators a plan can call."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from cortex_m_plan.errors import PlanError
from cortex_m_plan.operators.by_table import by_table
from cortex_m_plan.operators.call import Call, locate
from cortex_m_plan.operators.signature import READ, Parameter, bind, parse
from cortex_m_plan.operators.strided import moved
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import DType, Instruction, Program, Tensor
from cortex_m_plan.report import Report
from cortex_m_plan.step import Field, Move, Step

_INT32 = (-(2**31), 2**31 - 1)

Emitter = Callable[[Call], Step | tuple[Step, ...]]


@dataclass(frozen=True)
class Operator:
    """An operator: its parameters, and the function that makes a step, or several, of a call."""

    name: str
    parameters: tuple[Parameter, ...]
    emit: Emitter


_OPERATORS: dict[str, Operator] = {}


def operator(name: str, signature: str) -> Callable[[Emitter], Emitter]:
    """Registers the decorated emitter for the operator of that full name."""

    def register(emit: Emitter) -> Emitter:
        if name in _OPERATORS:
            raise ValueError(f"{name} is registered twice")
        _OPERATORS[name] = Operator(name, parse(signature), emit)
        return emit

    return register


def names() -> list[str]:
    """The names of all operators, without overloads."""
    return sorted({name.rpartition(".")[0] for name in _OPERATORS})


def _unknown(program: Program, report: Report, instruction: Instruction) -> PlanError:
    fix = (
        "express that line of the model with operators of the list, "
        "or keep it out of the lowered module"
    )
    tensors = [value for value in instruction.arguments if isinstance(value, Tensor)]
    if any(tensor.dtype is DType.FLOAT32 for tensor in tensors):
        fix = (
            "the quantizer left this operator in float32: convolutions and pooling need "
            "channels_last inputs (x.to(memory_format=torch.channels_last)); else " + fix
        )
    return PlanError(
        f"{program.path}: instruction {instruction.index}, {instruction.operator}: "
        "there is no kernel for this operator",
        *locate(program, report, instruction),
        "operators there are: " + ", ".join(names()),
        fix=fix,
    )


def call(program: Program, report: Report, instruction: Instruction) -> Call:
    """Finds the operator of an instruction and binds its arguments."""
    known = _OPERATORS.get(instruction.operator)
    if known is None:
        raise _unknown(program, report, instruction)
    arguments = bind(known.parameters, instruction.arguments)
    if isinstance(arguments, str):
        raise PlanError(
            f"{program.path}: instruction {instruction.index}, {instruction.operator}: {arguments}",
            *locate(program, report, instruction),
            fix="lower the model with the ExecuTorch that this rule set is pinned to",
        )
    return Call(program, report, instruction, arguments)


def steps(bound: Call) -> tuple[Step, ...]:
    """The steps of a call, with parameters that a kernel can take."""
    for tensor in (*bound.args.of_kind(*READ), bound.out):
        if tensor.elements == 0:
            raise bound.refuse(
                f"tensor %{tensor.id} is empty", "take tensors without elements out of the model"
            )
    if bound.unread:
        return (Step(bound.instruction, "", bound.unread),)
    if bound.copies is not None:
        source, target = bound.copies
        shape = f"{times(source.physical_sizes)} -> {times(target.physical_sizes)}"
        return (moved(bound, Move(source, target, source.bytes), shape),)
    if bound.table is not None:
        return (replace(by_table(bound, bound.table), fused=bound.fused),)
    made = _OPERATORS[bound.instruction.operator].emit(bound)
    made = made if isinstance(made, tuple) else (made,)
    for step in made:
        _check(bound, step)
    return tuple(replace(step, part=part, fused=bound.fused) for part, step in enumerate(made))


def _check(bound: Call, step: Step) -> None:
    for name, value in step.parameters.items():
        for number in _numbers(value):
            if isinstance(number, int) and not _INT32[0] <= number <= _INT32[1]:
                raise bound.damaged(f"{name} is {number}, which no int32 holds")
        if name.endswith("shift") and not -63 <= value <= 63:
            raise bound.damaged(f"{name} is {value}")


def _numbers(value: Field) -> Iterator[int | float]:
    """The numbers in a field, however deep."""
    if isinstance(value, tuple):
        for item in value:
            yield from _numbers(item)
    else:
        yield value
