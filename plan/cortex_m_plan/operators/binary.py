# SPDX-License-Identifier: Apache-2.0
"""Elementwise operators of two operands, of which one may be a number, and `where`."""

from cortex_m_plan.broadcast import MAX_RANK, Broadcast, merged, shape_of
from cortex_m_plan.operators import extremum
from cortex_m_plan.operators.call import Call
from cortex_m_plan.operators.registry import operator
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import DType, Tensor
from cortex_m_plan.step import PARAMETERS, Pointer, Step

_F32 = {DType.FLOAT32: "f32"}
_NUMBERS = {DType.FLOAT32: "f32", DType.INT32: "s32", DType.INT64: "s64"}
_WIDE = {DType.FLOAT32: "f32", DType.INT64: "s64"}
_BOOL = {DType.BOOL: "u8"}

_TENSORS = "self:tensor other:tensor"
_SCALAR = "self:tensor other:number"

_Operand = Tensor | int | float | bool


def _register(
    name: str, kernel: str, operands: str, suffixes: dict[DType, str], result: DType | None = None
) -> None:
    """An operator that is one kernel, for the dtypes of `suffixes`."""

    def emit(call: Call) -> Step:
        alpha = call.args.alpha if "alpha" in operands else 1
        return _step(call, kernel, suffixes, call.args.self, call.args.other, alpha, result)

    operator(name, f"{operands} out:out")(emit)


for _name in ("add", "sub"):
    _register(f"aten::{_name}.out", _name, f"{_TENSORS} alpha:number", _NUMBERS)
    _register(f"aten::{_name}.Scalar_out", _name, f"{_SCALAR} alpha:number", _NUMBERS)
_register("aten::mul.out", "mul", _TENSORS, _NUMBERS)
_register("aten::mul.Scalar_out", "mul", _SCALAR, _NUMBERS)
_register("aten::div.out", "div", _TENSORS, _F32)
_register("aten::div.Scalar_out", "div", _SCALAR, _F32)
_register("aten::fmod.Tensor_out", "fmod", _TENSORS, _WIDE)
_register("aten::fmod.Scalar_out", "fmod", _SCALAR, _WIDE)
_register("aten::pow.Tensor_Tensor_out", "pow", _TENSORS, _F32)
for _name in ("eq", "ne", "lt", "le", "gt", "ge"):
    _register(f"aten::{_name}.Tensor_out", _name, _TENSORS, _NUMBERS, DType.BOOL)
    _register(f"aten::{_name}.Scalar_out", _name, _SCALAR, _NUMBERS, DType.BOOL)
for _name in ("and", "or", "xor"):
    _register(f"aten::logical_{_name}.out", f"logical_{_name}", _TENSORS, _BOOL)
    _register(f"aten::bitwise_{_name}.Tensor_out", f"logical_{_name}", _TENSORS, _BOOL)


@operator("aten::minimum.out", f"{_TENSORS} out:out")
def minimum(call: Call) -> Step:
    """Of integers (a bounded activation may end up as one of int8) as the dialect's operator."""
    return _extremum(call, "minimum")


@operator("aten::maximum.out", f"{_TENSORS} out:out")
def maximum(call: Call) -> Step:
    return _extremum(call, "maximum")


@operator("aten::rsub.Tensor_out", f"{_TENSORS} alpha:number out:out")
@operator("aten::rsub.Scalar_out", f"{_SCALAR} alpha:number out:out")
def rsub(call: Call) -> Step:
    """other - alpha * self."""
    args = call.args
    return _step(call, "sub", _NUMBERS, args.other, args.self, args.alpha, None)


@operator("aten::pow.Scalar_out", "self:number other:tensor out:out")
def pow_of_scalar(call: Call) -> Step:
    return _step(call, "pow", _F32, call.args.self, call.args.other, 1, None)


# As PyTorch does: these have exact kernels of their own.
_POWERS = {3: "cube", 0.5: "sqrt", -0.5: "rsqrt", -1: "reciprocal"}


@operator("aten::pow.Tensor_Scalar_out", "self:tensor exponent:number out:out")
def pow_by_scalar(call: Call) -> Step:
    args = call.args
    if args.exponent == 2:
        return _step(call, "mul", _NUMBERS, args.self, args.self, 1, None)
    if args.exponent in _POWERS:
        return unary(call, f"{_POWERS[args.exponent]}_f32", args.self, DType.FLOAT32)
    return _step(call, "pow", _F32, args.self, args.exponent, 1, None)


@operator("aten::where.self_out", "condition:tensor self:tensor other:tensor out:out")
def where(call: Call) -> Step:
    args, out = call.args, call.out
    call.require_dtype(DType.BOOL, condition=args.condition)
    call.require_dtype(out.dtype, self=args.self, other=args.other)
    sizes = shape_of(args.self.sizes, args.other.sizes)
    if sizes is None or shape_of(sizes, args.condition.sizes) != out.sizes:
        raise call.damaged(f"its operands do not give {times(out.sizes)}")
    loops = merged((args.condition, args.self, args.other), out)
    if len(loops) > MAX_RANK:
        raise call.refuse(
            f"the kernel walks {MAX_RANK} dimensions, these operands have more that lie apart",
            "use tensors of lower rank",
        )
    filled = loops + [(0, 0, 0, 0)] * (MAX_RANK - len(loops))
    output_dims, condition, one, other = zip(*filled, strict=True)
    return Step(
        instruction=call.instruction,
        kernel="cortex_m_where",
        summary=f"{times(out.physical_sizes)} {out.dtype.label}",
        arguments=(
            Pointer("condition", args.condition),
            Pointer("self", args.self),
            Pointer("other", args.other),
            PARAMETERS,
            Pointer("output", out, writable=True),
        ),
        parameters={
            "element_bytes": out.dtype.size,
            "rank": len(loops),
            "output_dims": output_dims,
            "condition_strides": condition,
            "self_strides": one,
            "other_strides": other,
        },
    )


def unary(call: Call, kernel: str, source: Tensor, dtype: DType, **parameters: float) -> Step:
    """The step of a function of each element."""
    call.require_dtype(dtype, input=source)
    call.require_same_layout(input=source, out=call.out)
    return Step(
        instruction=call.instruction,
        kernel=f"cortex_m_{kernel}",
        summary=f"{times(source.physical_sizes)} {source.dtype.label}"
        + "".join(f", {name} {value:.6g}" for name, value in parameters.items()),
        arguments=(
            Pointer("input", source),
            PARAMETERS,
            Pointer("output", call.out, writable=True),
        ),
        parameters={"count": source.elements, **parameters},
    )


def _step(
    call: Call,
    kernel: str,
    suffixes: dict[DType, str],
    one: _Operand,
    other: _Operand,
    alpha: float,
    result: DType | None,
) -> Step:
    dtype = (one if isinstance(one, Tensor) else other).dtype
    if dtype not in suffixes:
        raise call.refuse(
            f"it computes in {dtype.label}, the kernels in "
            + " or ".join(known.label for known in suffixes),
            "convert its operands in the model: x.to(dtype)",
        )
    tensors = {n: t for n, t in (("self", one), ("other", other)) if isinstance(t, Tensor)}
    call.require_dtype(dtype, **tensors)
    call.require_dtype(result or dtype, out=call.out)
    scalar = next((item for item in (one, other) if not isinstance(item, Tensor)), 0)
    number = float if dtype is DType.FLOAT32 else int
    if number(scalar) != scalar or number(alpha) != alpha:
        raise call.damaged(f"{scalar} or {alpha} is no {dtype.label}")
    return Step(
        instruction=call.instruction,
        kernel=f"cortex_m_{kernel}_{suffixes[dtype]}",
        summary=f"{_text(one)} and {_text(other)} {dtype.label} "
        f"-> {times(call.out.physical_sizes)}",
        arguments=(
            Pointer("self", one if isinstance(one, Tensor) else None),
            Pointer("other", other if isinstance(other, Tensor) else None),
            PARAMETERS,
            Pointer("output", call.out, writable=True),
        ),
        parameters={
            "shape": _shape(call, one, other),
            "alpha": number(alpha),
            "scalar": number(scalar),
        },
    )


def _extremum(call: Call, name: str) -> Step:
    args = call.args
    if args.self.dtype in extremum.SUFFIXES:
        return extremum.step(call, name)
    return _step(call, name, _WIDE, args.self, args.other, 1, None)


def _text(operand: _Operand) -> str:
    return times(operand.physical_sizes) if isinstance(operand, Tensor) else f"{operand:.6g}"


def _shape(call: Call, one: _Operand, other: _Operand) -> Broadcast:
    """How the operands are read; a number has strides of 0."""
    if not isinstance(one, Tensor):
        shape = call.broadcast(other, other)
        return shape._replace(self_strides=(0,) * MAX_RANK)
    if not isinstance(other, Tensor):
        return call.broadcast(one, one)._replace(other_strides=(0,) * MAX_RANK)
    return call.broadcast(one, other)
