# SPDX-License-Identifier: Apache-2.0
"""Products of float32 matrices."""

from math import prod

from cortex_m_plan.layout import is_contiguous
from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import DType, Tensor
from cortex_m_plan.step import PARAMETERS, Pointer, Step

_SUM = "bias:tensor self:tensor other:tensor beta:number alpha:number out:out"

Strides = tuple[int, int, int]
"""Of batch, row and column."""


@operator("aten::linear.out", "self:tensor other:tensor bias:tensor? out:out")
def linear(call: Call) -> Step:
    """self times the transposed other; all dimensions of self but the last are rows."""
    one, other, bias = call.args.self, call.args.other, call.args.bias
    if not one.sizes or not is_contiguous(one):
        raise call.refuse(
            "the input is not contiguous in memory", "call .contiguous() before the layer"
        )
    inner = one.sizes[-1]
    rows = prod(one.sizes[:-1])
    columns = other.sizes[0] if len(other.sizes) == 2 else 0
    if other.sizes != (columns, inner) or call.out.sizes != (*one.sizes[:-1], columns):
        raise call.damaged(f"{times(one.sizes)} and {times(other.sizes)} do not fit the output")
    if bias is not None and bias.sizes != (columns,):
        raise call.damaged(f"the bias is {times(bias.sizes)}, not {columns}")
    turned = (0, other.strides[1], other.strides[0])
    added = None if bias is None else (0, 0, 1)
    shape = (1, rows, inner, columns)
    return _step(call, shape, (one, (0, inner, 1)), (other, turned), (bias, added), 1.0, 1.0)


@operator("aten::mm.out", "self:tensor other:tensor out:out")
@operator("aten::bmm.out", "self:tensor other:tensor out:out")
def mm(call: Call) -> Step:
    return _product(call, call.args.self, call.args.other, None, 1.0, 1.0)


@operator("aten::addmm.out", _SUM)
@operator("aten::baddbmm.out", _SUM)
def addmm(call: Call) -> Step:
    args = call.args
    return _product(call, args.self, args.other, args.bias, float(args.alpha), float(args.beta))


def _product(
    call: Call, one: Tensor, other: Tensor, bias: Tensor | None, alpha: float, beta: float
) -> Step:
    rank = len(call.out.sizes)
    if rank not in (2, 3) or not len(one.sizes) == len(other.sizes) == rank:
        raise call.damaged("its operands are not all matrices")
    batch = call.out.sizes[0] if rank == 3 else 1
    rows, inner = one.sizes[-2:]
    columns = other.sizes[-1]
    expected = (batch,) * (rank - 2)
    if (
        one.sizes != (*expected, rows, inner)
        or other.sizes != (*expected, inner, columns)
        or call.out.sizes != (*expected, rows, columns)
    ):
        raise call.damaged(f"{times(one.sizes)} and {times(other.sizes)} do not fit the output")
    added = None
    if bias is not None:
        shape = (1,) * (3 - len(bias.sizes)) + bias.sizes
        whole = (batch, rows, columns)
        if len(shape) != 3 or any(a not in (1, b) for a, b in zip(shape, whole, strict=True)):
            raise call.damaged(f"the bias is {times(bias.sizes)}")
        added = _strides(bias)
    if beta == 0.0:  # then PyTorch does not read it
        bias = added = None
    return _step(
        call, (batch, rows, inner, columns), (one, _strides(one)), (other, _strides(other)),
        (bias, added), alpha, beta,
    )  # fmt: skip


def _strides(tensor: Tensor) -> Strides:
    """With 0 for the dimensions that are missing or are repeated."""
    own = [
        0 if size == 1 else step for size, step in zip(tensor.sizes, tensor.strides, strict=True)
    ]
    return tuple([0] * (3 - len(own)) + own)


def _step(
    call: Call,
    shape: tuple[int, int, int, int],
    self: tuple[Tensor, Strides],
    other: tuple[Tensor, Strides],
    bias: tuple[Tensor | None, Strides | None],
    alpha: float,
    beta: float,
) -> Step:
    call.require_dtype(DType.FLOAT32, self=self[0], other=other[0], bias=bias[0], out=call.out)
    if not is_contiguous(call.out):
        raise call.refuse("the output is not contiguous in memory", "call .contiguous() on it")
    batch, rows, inner, columns = shape
    added = bias[1] or (0, 0, 0)
    return Step(
        instruction=call.instruction,
        kernel="cortex_m_matmul_f32",
        summary=f"{batch}x " * (batch > 1) + f"{rows}x{inner} * {inner}x{columns}",
        arguments=(
            Pointer("self", self[0]),
            Pointer("other", other[0]),
            Pointer("bias", bias[0]),
            PARAMETERS,
            Pointer("output", call.out, writable=True),
        ),
        parameters={
            "batch": batch,
            "rows": rows,
            "inner": inner,
            "columns": columns,
            "self_batch_stride": self[1][0],
            "self_row_stride": self[1][1],
            "self_inner_stride": self[1][2],
            "other_batch_stride": other[1][0],
            "other_inner_stride": other[1][1],
            "other_column_stride": other[1][2],
            "bias_batch_stride": added[0],
            "bias_row_stride": added[1],
            "bias_column_stride": added[2],
            "alpha": alpha,
            "beta": beta,
        },
        macs=batch * rows * inner * columns,
    )
