# SPDX-License-Identifier: Apache-2.0
"""Call a model factory `package.module:function`."""

import importlib
import os
import sys
from typing import Any

from cortex_m_lowering.errors import LoweringError, first_line
from cortex_m_lowering.provenance import user_frame


def call_factory(spec: str) -> tuple[Any, tuple]:
    """Import and call the factory; returns (module, example inputs), checked."""
    import torch

    module_name, _, function_name = spec.partition(":")
    factory = _find(spec, module_name, function_name)
    try:
        result = factory()
    except Exception as error:
        where = user_frame(error)
        raise LoweringError(
            f"--model {spec}: the factory raised {type(error).__name__}: {first_line(error)}"
            + (f"\n  at {where}" if where else "")
        ) from error
    expected = f"--model {spec}: the factory must return (nn.Module, tuple of example inputs)"
    if not isinstance(result, tuple) or len(result) != 2:
        raise LoweringError(f"{expected}, it returned {_kind(result)}")
    module, inputs = result
    if not isinstance(module, torch.nn.Module):
        raise LoweringError(f"{expected}, its first value is {_kind(module)}")
    if not isinstance(inputs, (tuple, list)) or not inputs:
        raise LoweringError(f"{expected}, its second value is {_kind(inputs)}")
    for position, value in enumerate(inputs):
        if not isinstance(value, torch.Tensor):
            raise LoweringError(f"{expected}, example input {position} is {_kind(value)}")
    return module, tuple(value.detach() for value in inputs)


def _find(spec: str, module_name: str, function_name: str) -> Any:
    # `python -m` run from a folder finds models in it; a console script would not.
    if "" not in sys.path and os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if module_name == missing or module_name.startswith(missing + "."):
            raise LoweringError(
                f"--model {spec}: there is no Python module {missing!r}; "
                "its folder must be on PYTHONPATH (in Bazel: in the py_library given as deps)"
            ) from error
        raise _import_failed(spec, error) from error
    except Exception as error:
        raise _import_failed(spec, error) from error
    factory = getattr(module, function_name, None)
    if factory is None:
        public = [name for name in vars(module) if not name.startswith("_")]
        functions = sorted(n for n in public if callable(getattr(module, n)))
        raise LoweringError(
            f"--model {spec}: module {module_name} has no {function_name!r}; "
            f"it defines: {', '.join(functions) or 'no functions'}"
        )
    if not callable(factory):
        raise LoweringError(f"--model {spec}: {function_name} is {_kind(factory)}, not a function")
    return factory


def _import_failed(spec: str, error: Exception) -> LoweringError:
    where = user_frame(error)
    return LoweringError(
        f"--model {spec}: importing it raised {type(error).__name__}: {first_line(error)}"
        + (f"\n  at {where}" if where else "")
    )


def _kind(value: Any) -> str:
    if isinstance(value, tuple):
        return f"a tuple of {len(value)} ({', '.join(type(v).__name__ for v in value)})"
    return f"a {type(value).__name__}"
