# SPDX-License-Identifier: Apache-2.0
"""Arguments of an instruction by name and kind.

A signature is written as `input:tensor scale:float out:out`, in the order of the operator's
schema. An instruction carries its out tensors twice, as arguments and as the result after them: the
tensor itself, or a list where there are several or the one out argument is a list.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cortex_m_plan.program import DType, Tensor, Value


def _is_int(value: Value) -> bool:
    return type(value) is int


def _is_ints(value: Value) -> bool:
    return isinstance(value, tuple) and all(type(item) is int for item in value)


def _is_arena_tensor(value: Value) -> bool:
    return isinstance(value, Tensor) and value.constant is None


def _is_constant(value: Value) -> bool:
    return isinstance(value, Tensor) and value.constant is not None


def _is_list(value: Value, accepts: Callable[[Value], bool]) -> bool:
    return isinstance(value, tuple) and len(value) > 0 and all(map(accepts, value))


_KINDS: dict[str, tuple[Callable[[Value], bool], str]] = {
    "tensor": (lambda v: isinstance(v, Tensor), "a tensor"),
    "scratch": (_is_arena_tensor, "a planned scratch tensor"),
    "out": (_is_arena_tensor, "a tensor in the arena"),
    "out0": (lambda v: isinstance(v, Tensor), "a tensor in the arena, or an empty one"),
    "outs": (lambda v: _is_list(v, _is_arena_tensor), "a list of tensors in the arena"),
    "result": (_is_arena_tensor, "a tensor in the arena"),
    "tensor?": (lambda v: v is None or isinstance(v, Tensor), "a tensor or None"),
    "tensors": (lambda v: _is_list(v, lambda t: isinstance(t, Tensor)), "a list of tensors"),
    "tensors?": (
        lambda v: _is_list(v, lambda t: t is None or isinstance(t, Tensor)),
        "a list of tensors or None",
    ),
    "constant": (_is_constant, "a constant tensor"),
    "constant?": (lambda v: v is None or _is_constant(v), "a constant tensor or None"),
    "int": (_is_int, "an integer"),
    "float": (lambda v: type(v) is float, "a number"),
    "number": (lambda v: type(v) in (int, float, bool), "a number"),
    "number?": (lambda v: v is None or type(v) in (int, float, bool), "a number or None"),
    "int?": (lambda v: v is None or _is_int(v), "an integer or None"),
    "bool": (lambda v: type(v) is bool, "a boolean"),
    "ints": (_is_ints, "a list of integers"),
    "pair": (lambda v: _is_ints(v) and len(v) in (1, 2), "one or two integers"),
    "any": (lambda v: True, "anything"),
}

READ = ("tensor", "tensor?", "tensors", "tensors?", "constant", "constant?")
"""The kinds of the tensors that an operator reads."""

WRITTEN = ("out", "out0", "outs", "result")
"""The kinds of the tensors that an operator writes: `out0` may be empty, and then is not written;
`result` is an out tensor of the few operators that have it once, as the result alone."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of an operator."""

    name: str
    kind: str

    def accepts(self, value: Value) -> bool:
        return _KINDS[self.kind][0](value)

    @property
    def expected(self) -> str:
        return _KINDS[self.kind][1]

    def convert(self, value: Value) -> Value:
        if self.kind == "pair" and len(value) == 1:
            return (value[0], value[0])
        return value


def parse(signature: str) -> tuple[Parameter, ...]:
    """Reads a signature's text; raises KeyError for a kind that does not exist."""
    parameters = []
    for item in signature.split():
        name, _, kind = item.partition(":")
        if kind not in _KINDS:
            raise KeyError(kind)
        parameters.append(Parameter(name, kind))
    return tuple(parameters)


@dataclass(frozen=True)
class Arguments:
    """The arguments of one instruction, as attributes by parameter name."""

    parameters: tuple[Parameter, ...]
    values: tuple[Value, ...]

    def __getattr__(self, name: str) -> Any:
        for parameter, value in zip(self.parameters, self.values, strict=True):
            if parameter.name == name:
                return value
        raise AttributeError(name)

    def having(self, **values: Value) -> "Arguments":
        """The arguments with other values of some."""
        return replace(
            self,
            values=tuple(
                values.get(parameter.name, value)
                for parameter, value in zip(self.parameters, self.values, strict=True)
            ),
        )

    def of_kind(self, *kinds: str) -> tuple[Tensor, ...]:
        """The tensors among the arguments whose parameter is of one of these kinds."""
        return tuple(
            item
            for parameter, value in zip(self.parameters, self.values, strict=True)
            if parameter.kind in kinds
            for item in (value if isinstance(value, tuple) else (value,))
            if isinstance(item, Tensor)
        )


def bind(parameters: tuple[Parameter, ...], values: Sequence[Value]) -> Arguments | str:
    """The arguments by name, or what is wrong with them."""
    names = ", ".join(parameter.name for parameter in parameters)
    if parameters[-1].kind == "result":
        values = (*values, values[-1])
    if len(values) != len(parameters) + 1 or not _repeats(parameters, values):
        return f"it has {len(values)} arguments; known are: {names}, and the result"
    converted = []
    for parameter, value in zip(parameters, values, strict=False):
        if not parameter.accepts(value):
            return f"argument {parameter.name} is {describe(value)}, not {parameter.expected}"
        converted.append(parameter.convert(value))
    return Arguments(parameters, tuple(converted))


def _repeats(parameters: tuple[Parameter, ...], values: Sequence[Value]) -> bool:
    """Whether the last value, the result, repeats the out arguments before it."""
    outs = [v for p, v in zip(parameters, values, strict=False) if p.kind in WRITTEN]
    result = values[-1]
    if len(outs) == 1 and not isinstance(outs[0], tuple):
        return result is outs[0]
    wanted = outs[0] if len(outs) == 1 else outs
    return (
        isinstance(result, tuple)
        and len(result) == len(wanted)
        and all(one is other for one, other in zip(result, wanted, strict=True))
    )


def describe(value: Value) -> str:
    """A value for a message."""
    return f"({value})" if isinstance(value, Tensor) else repr(value)


SCALAR_TYPES = {1: DType.INT8, 2: DType.INT16, 6: DType.FLOAT32}
"""ScalarType numbers that appear as an argument (`dtype`)."""
