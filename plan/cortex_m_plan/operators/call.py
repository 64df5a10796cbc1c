# SPDX-License-Identifier: Apache-2.0
"""One instruction of a known operator, and the ways to refuse it."""

from dataclasses import dataclass

from cortex_m_plan.errors import PlanError
from cortex_m_plan.layout import NCHW_AS_NHWC, Dims, dims, same_layout
from cortex_m_plan.operators.signature import Arguments
from cortex_m_plan.program import DType, Instruction, Program, Tensor
from cortex_m_plan.report import Report


def locate(program: Program, report: Report, instruction: Instruction) -> tuple[str, ...]:
    """Lines for a message: which node and line of the model, and which tensors."""
    origin = report.origin(instruction.index)
    lines = []
    if origin.node:
        lines.append(f"node: {origin.node}" + (f" in module {origin.module}" * bool(origin.module)))
    if origin.source:
        lines.append(f"model: {origin.source}")
    for position, value in enumerate(instruction.arguments[:-1]):
        if isinstance(value, Tensor):
            name = "out" if value is instruction.arguments[-1] else f"argument {position}"
            lines.append(f"tensor: {name} %{value.id}: {value}")
    return tuple(lines)


@dataclass(frozen=True)
class Call:
    """An instruction with its arguments by name."""

    program: Program
    report: Report
    instruction: Instruction
    args: Arguments

    @property
    def reads(self) -> tuple[Tensor, ...]:
        """The tensors in the arena that the instruction reads."""
        return tuple(tensor for tensor in self.args.of_kind("tensor") if tensor.constant is None)

    @property
    def scratches(self) -> tuple[Tensor, ...]:
        return self.args.of_kind("scratch")

    @property
    def out(self) -> Tensor:
        return self.args.out

    def refuse(self, why: str, fix: str) -> PlanError:
        """The error for something this operator's kernel cannot do."""
        return PlanError(
            f"{self.program.path}: instruction {self.instruction.index}, "
            f"{self.instruction.operator}: {why}",
            *locate(self.program, self.report, self.instruction),
            fix=fix,
        )

    def damaged(self, why: str) -> PlanError:
        """The error for arguments that contradict each other."""
        return self.refuse(why, "make the .pte again with cortex_m_lowering")

    def require_dtype(self, dtype: DType, /, **tensors: Tensor | None) -> None:
        for name, tensor in tensors.items():
            if tensor is not None and tensor.dtype is not dtype:
                raise self.refuse(
                    f"{name} is {tensor.dtype.label}, the kernel takes {dtype.label}",
                    "quantize the model to int8 (cortex_m_lowering does), with int32 biases",
                )

    def require_elements(self, count: int, /, **tensors: Tensor | None) -> None:
        for name, tensor in tensors.items():
            if tensor is not None and tensor.elements != count:
                raise self.damaged(f"{name} has {tensor.elements} elements, not {count}")

    def require_same_layout(self, /, **tensors: Tensor) -> None:
        """Refuses an elementwise operator whose tensors do not lie the same way."""
        (_, first), *others = tensors.items()
        for name, tensor in others:
            if not same_layout(first, tensor):
                raise self.refuse(
                    f"{name} lies differently in memory than {next(iter(tensors))}",
                    "give both tensors the same memory format (channels_last) in the model",
                )

    def nhwc(self, name: str, tensor: Tensor, order: tuple[int, ...] = NCHW_AS_NHWC) -> Dims:
        """The NHWC dims of an activation."""
        shape = dims(tensor, order)
        if shape is None:
            raise self.refuse(
                f"{name} is not NHWC in memory",
                "give the model channels_last example inputs, or make the tensor so before this "
                "line: x.contiguous(memory_format=torch.channels_last)",
            )
        return shape

    def filter_dims(self, tensor: Tensor) -> Dims:
        """The dims of a filter, whose logical order is its memory order."""
        shape = dims(tensor, (0, 1, 2, 3))
        if shape is None:
            raise self.damaged("the filter is not a dense four-dimensional tensor")
        return shape

    def require_bounds(self, low: int, high: int) -> None:
        """Checks an int8 activation range."""
        if not -128 <= low <= high <= 127:
            raise self.damaged(f"the activation range is {low} .. {high}")
