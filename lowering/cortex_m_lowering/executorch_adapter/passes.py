# SPDX-License-Identifier: Apache-2.0
"""From the quantized ATen graph to the Cortex-M dialect."""

import copy
from typing import Any

from cortex_m_lowering.errors import LoweringError, first_line, root_cause
from cortex_m_lowering.executorch_adapter.boundary import Boundary, float_boundary
from cortex_m_lowering.executorch_adapter.corrections import corrected
from cortex_m_lowering.executorch_adapter.soundness import check_raw_numbers, check_requantization
from cortex_m_lowering.executorch_adapter.targets import Target


def to_edge_dialect(quantized: Any, origin: str) -> Any:
    """The quantized program in ExecuTorch's edge dialect, the same for every target."""
    from executorch.exir import to_edge

    try:
        return to_edge(quantized, compile_config=compile_config()).exported_program()
    except Exception as error:
        raise _refused(error, origin) from error


def to_cortex_m(edge: Any, target: Target, origin: str, boundary: Boundary | None = None) -> Any:
    """Run upstream's pass manager for this target, then drop what is dead.

    `edge` stays as it is, for other targets. `boundary` says which inputs are quantized values.
    """
    from executorch.backends.cortex_m.passes.cortex_m_pass_manager import CortexMPassManager
    from executorch.backends.transforms.remove_clone_ops import RemoveCloneOpsTransform
    from executorch.exir.program._program import _transform

    try:
        lowered = CortexMPassManager(
            copy.deepcopy(edge),
            passes=corrected(CortexMPassManager.pass_list),
            target_config=target.config,
        ).transform()
        lowered = _transform(lowered, RemoveCloneOpsTransform(preserve_input_output_copies=True))
    except Exception as error:
        raise _refused(error, origin) from error
    _remove_empty_pads(lowered)
    _remove_unread_constants(lowered)
    check_raw_numbers(lowered, boundary or float_boundary(lowered), origin)
    check_requantization(lowered, origin)
    return lowered


# A linear or convolution with a bias is traced as int32 between two passes, and joins no int8.
_TRACED_AS_INT32 = (
    ": a matrix product of a linear's or convolution's result with anything else; without its "
    "bias, or with the other operand from such a layer too, it can be lowered"
)


def _refused(error: Exception, origin: str) -> LoweringError:
    cause = root_cause(error)
    known = _TRACED_AS_INT32 if "expected scalar type" in str(cause) else ""
    return LoweringError(
        f"{origin}: ExecuTorch's Cortex-M passes refuse the model: "
        f"{type(cause).__name__}: {first_line(cause)}{known}; --debug shows the traceback"
    )


def _remove_empty_pads(program: Any) -> None:
    # Upstream puts a pad before every average pool, padded or not.
    from executorch.exir.dialects._ops import ops

    graph = program.graph_module.graph
    for node in list(graph.nodes):
        if node.target == ops.edge.cortex_m.pad.default and not any([*node.args[1], *node.args[2]]):
            node.replace_all_uses_with(node.args[0])
            graph.erase_node(node)
    program.graph_module.recompile()


def _remove_unread_constants(program: Any) -> None:
    # Left by quantization (float scales, the original weights): upstream's own
    # remove_unused_parameters_pass looks at parameters only, these are buffers.
    from torch.export.graph_signature import InputKind

    constants = (InputKind.PARAMETER, InputKind.BUFFER, InputKind.CONSTANT_TENSOR)
    graph = program.graph_module.graph
    placeholders = {node.name: node for node in graph.nodes if node.op == "placeholder"}
    kept = []
    for spec in program.graph_signature.input_specs:
        node = placeholders[spec.arg.name]
        if spec.kind in constants and not node.users:
            graph.erase_node(node)
        else:
            kept.append(spec)
    program.graph_signature.input_specs[:] = kept
    targets = {spec.target for spec in kept}
    for store in (program.state_dict, program.constants):
        for name in [name for name in store if name not in targets]:
            del store[name]
    program.graph_module.recompile()


def compile_config() -> Any:
    """The edge configuration the backend requires."""
    from executorch.backends.cortex_m.edge_compile_config import cortex_m_edge_compile_config

    return cortex_m_edge_compile_config()
