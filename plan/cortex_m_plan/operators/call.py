# SPDX-License-Identifier: Apache-2.0
"""One instruction of a known operator, and the ways to refuse it."""

from dataclasses import dataclass

from cortex_m_plan.broadcast import MAX_RANK, Broadcast, broadcast, shape_of
from cortex_m_plan.errors import PlanError
from cortex_m_plan.layout import NCHW_AS_NHWC, Dims, dims, same_layout
from cortex_m_plan.operators.signature import READ, WRITTEN, Arguments
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import DType, Instruction, Program, Tensor
from cortex_m_plan.report import Report
from cortex_m_plan.step import Table

_MOST_ZERO_POINT = 1 << 24
_MOST_SHIFT = 63


def locate(program: Program, report: Report, instruction: Instruction) -> tuple[str, ...]:
    """Lines for a message: which node and line of the model, and which tensors."""
    origin = report.origin(instruction.index)
    lines = []
    if origin.node:
        lines.append(f"node: {origin.node}" + (f" in module {origin.module}" * bool(origin.module)))
    if origin.source:
        lines.append(f"model: {origin.source}")
    result = instruction.arguments[-1]
    outs = result if isinstance(result, tuple) else (result,)
    for position, value in enumerate(instruction.arguments[:-1]):
        for tensor in value if isinstance(value, tuple) else (value,):
            if isinstance(tensor, Tensor):
                name = "out" if any(tensor is out for out in outs) else f"argument {position}"
                lines.append(f"tensor: {name} %{tensor.id}: {tensor}")
    return tuple(lines)


@dataclass(frozen=True)
class Call:
    """An instruction with its arguments by name.

    Attributes:
        copies: source and target, if all the instruction comes to is a copy of bytes as they are.
        unread: why nothing reads its result, so that it need not be called; else empty.
        fused: what of other instructions it does, too.
        table: the results of all values of int8, if that is all it is.
    """

    program: Program
    report: Report
    instruction: Instruction
    args: Arguments
    copies: tuple[Tensor, Tensor] | None = None
    unread: str = ""
    fused: tuple[str, ...] = ()
    table: Table | None = None

    @property
    def reads(self) -> tuple[Tensor, ...]:
        """The tensors in the arena that the instruction reads."""
        if self.unread:
            return ()
        tensors = self.args.of_kind(*READ) if self.copies is None else self.copies[:1]
        return tuple(tensor for tensor in tensors if tensor.constant is None)

    @property
    def scratches(self) -> tuple[Tensor, ...]:
        return self.args.of_kind("scratch")

    @property
    def outs(self) -> tuple[Tensor, ...]:
        """The tensors the instruction writes; one without elements is not written."""
        if self.unread:
            return ()
        return tuple(tensor for tensor in self.args.of_kind(*WRITTEN) if tensor.elements)

    @property
    def out(self) -> Tensor:
        """The tensor the instruction writes, or the first of them."""
        return self.args.of_kind(*WRITTEN)[0]

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

    def dimension(self, tensor: Tensor, dim: int) -> int:
        """A dimension's number, which the program may count from the end."""
        rank = len(tensor.sizes)
        if not -rank <= dim < rank:
            raise self.damaged(f"a tensor of {rank} dimensions has no dimension {dim}")
        return dim + rank if dim < 0 else dim

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

    def broadcast(self, one: Tensor, other: Tensor) -> Broadcast:
        """How an elementwise operator reads its two operands."""
        # minimum and maximum give self's shape if other is one element, of whatever rank.
        fits = other.elements == 1 and self.out.sizes == one.sizes
        if not fits and shape_of(one.sizes, other.sizes) != self.out.sizes:
            raise self.damaged(
                f"{times(one.sizes)} and {times(other.sizes)} do not give {times(self.out.sizes)}"
            )
        shape = broadcast(one, other, self.out)
        if shape is None:
            raise self.refuse(
                f"the kernel walks {MAX_RANK} dimensions, these operands have more that lie apart",
                "use tensors of lower rank",
            )
        return shape

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

    def require_zero_points(self, **zero_points: int) -> None:
        """Checks zero points. Ones outside the tensor's type are legal: hardswish has them."""
        for name, value in zero_points.items():
            if not -_MOST_ZERO_POINT <= value <= _MOST_ZERO_POINT:
                raise self.damaged(f"{name} is {value}")

    def require_offsets(self, **offsets: int) -> None:
        """Checks offsets, which are minus the zero point of an int8 tensor."""
        for name, value in offsets.items():
            if not -DType.INT8.high <= value <= -DType.INT8.low:
                raise self.damaged(f"{name} is {value}")

    def require_shifts(self, shifts: Tensor) -> None:
        """Checks the shifts of a requantization per channel."""
        for channel, value in enumerate(self.program.constants.integers(shifts)):
            if not -_MOST_SHIFT <= value <= _MOST_SHIFT:
                raise self.damaged(
                    f"the shift of output channel {channel} is {value}, "
                    f"not one of {-_MOST_SHIFT} .. {_MOST_SHIFT}"
                )

    def require_bounds(self, low: int, high: int) -> None:
        """Checks an int8 activation range."""
        if not -128 <= low <= high <= 127:
            raise self.damaged(f"the activation range is {low} .. {high}")
