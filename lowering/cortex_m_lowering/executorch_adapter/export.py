# SPDX-License-Identifier: Apache-2.0
"""torch.export: a model or a saved program becomes an ATen graph with static shapes."""

from pathlib import Path
from typing import Any

from cortex_m_lowering.errors import LoweringError, first_line
from cortex_m_lowering.executorch_adapter.mutation import overwritten_placeholders
from cortex_m_lowering.provenance import node_location, user_frame


def export_module(module: Any, inputs: tuple, origin: str) -> Any:
    """Export an eager module in inference mode with exactly these input shapes."""
    import torch

    module.eval()
    try:
        with torch.no_grad():
            exported = torch.export.export(module, inputs)
    except Exception as error:
        where = user_frame(error)
        raise LoweringError(
            f"{origin}: torch.export cannot capture the model"
            + (f" at {where}" if where else "")
            + f": {type(error).__name__}: {first_line(error)}"
            + "; rewrite that part without data-dependent Python control flow or shapes, "
            "or see the traceback with --debug"
        ) from error
    _check(exported, origin)
    return exported


def load_exported(path: Path) -> Any:
    """Read a .pt2 written by torch.export.save."""
    import torch

    try:
        exported = torch.export.load(path)
    except Exception as error:
        raise LoweringError(
            f"--program {path}: not a readable torch.export program "
            f"({type(error).__name__}: {first_line(error)}); write it with "
            "torch.export.save(torch.export.export(model, inputs), ...) "
            f"of torch {torch.__version__}"
        ) from error
    _check(exported, f"--program {path}")
    return exported


def example_inputs(exported: Any, origin: str) -> tuple:
    """The example inputs stored in an exported program."""
    if exported.example_inputs is None:
        raise LoweringError(f"{origin}: holds no example inputs; export it again with inputs")
    positional, keywords = exported.example_inputs
    if keywords:
        raise LoweringError(
            f"{origin}: takes keyword inputs ({', '.join(sorted(keywords))}); "
            "export it with positional inputs only"
        )
    return tuple(positional)


def input_names(exported: Any) -> list[str]:
    """Names of forward()'s inputs, in order."""
    return [str(name) for name in exported.graph_signature.user_inputs]


def callable_module(exported: Any) -> Any:
    """A fresh float module that computes what the exported program computes."""
    return exported.module(check_guards=False)


def _check(exported: Any, origin: str) -> None:
    _check_pure(exported, origin)
    _check_static(exported, origin)
    _check_tensors_only(exported, origin)
    _check_not_empty(exported, origin)


def _check_tensors_only(exported: Any, origin: str) -> None:
    names = set(input_names(exported))
    inputs = [node for node in exported.graph.nodes if node.name in names]
    outputs = exported.graph.output_node().args[0]
    for kind, values in (("input", inputs), ("output", outputs)):
        for position, value in enumerate(values):
            if not hasattr(getattr(value, "meta", {}).get("val"), "shape"):
                raise LoweringError(
                    f"{origin}: {kind} {position} ({value}) is not a tensor; "
                    "models take and return tensors only"
                )


def _check_pure(exported: Any, origin: str) -> None:
    signature = exported.graph_signature
    overwritten = [
        signature.inputs_to_buffers.get(name, name)
        for name in overwritten_placeholders(exported.graph)
    ]
    overwritten = sorted({*overwritten, *signature.buffers_to_mutate.values()})
    if overwritten:
        raise LoweringError(
            f"{origin}: running the model changes {_some(overwritten)}; a lowered program keeps "
            "no state between runs and leaves its inputs alone: avoid in-place operators there, "
            "and export in inference mode (model.eval())"
        )


def _check_static(exported: Any, origin: str) -> None:
    for node in exported.graph.nodes:
        values = node.meta.get("val")
        for value in values if isinstance(values, (list, tuple)) else (values,):
            dimensions = [value] if not hasattr(value, "shape") else value.shape
            if not any(type(dimension).__name__ == "SymInt" for dimension in dimensions):
                continue
            shape = tuple(str(dimension) for dimension in dimensions)
            what = f"input {node.name!r}" if node.op == "placeholder" else f"operator {node.target}"
            where = node_location(node).source
            raise LoweringError(
                f"{origin}: {what} has a dynamic shape ({', '.join(shape)})"
                + (f" at {where}" if where else "")
                + "; a Cortex-M program is planned for fixed shapes: export without "
                "dynamic_shapes and avoid operators whose output size depends on data"
            )


def _check_not_empty(exported: Any, origin: str) -> None:
    names = set(input_names(exported))
    for node in exported.graph.nodes:
        values = node.meta.get("val")
        for value in values if isinstance(values, (list, tuple)) else (values,):
            shape = tuple(getattr(value, "shape", (1,)))
            if 0 not in shape:
                continue
            if node.op == "placeholder" and not node.users and node.name not in names:
                continue  # a buffer that nothing reads
            what = f"operator {node.target}"
            if node.op == "placeholder":
                what = f"{'input' if node.name in names else 'constant'} {node.name!r}"
            where = node_location(node).source
            raise LoweringError(
                f"{origin}: {what} has no elements, its shape is {shape}"
                + (f" at {where}" if where else "")
                + "; a program's tensors have at least one element: leave it out of the model"
            )


def _some(names: list[str], limit: int = 5) -> str:
    rest = len(names) - limit
    return ", ".join(names[:limit]) + (f" and {rest} more" if rest > 0 else "")
