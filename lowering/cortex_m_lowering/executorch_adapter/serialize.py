# SPDX-License-Identifier: Apache-2.0
"""to_executorch: memory planning and the .pte bytes."""

from typing import Any

from cortex_m_lowering.errors import LoweringError, first_line
from cortex_m_lowering.executorch_adapter.boundary import Boundary, float_boundary
from cortex_m_lowering.executorch_adapter.describe import Description
from cortex_m_lowering.executorch_adapter.passes import compile_config
from cortex_m_lowering.executorch_adapter.scratch import binding_bytes
from cortex_m_lowering.executorch_adapter.targets import Target
from cortex_m_lowering.program import Program


def serialize(
    lowered: Any, target: Target, origin: str, boundary: Boundary | None = None
) -> Program:
    """Plan memory and serialize. The lowered graph is consumed: run it before.

    Without a `boundary` the program's inputs and outputs are the model's.
    """
    from executorch.exir.program._program import EdgeProgramManager

    required = binding_bytes(lowered, target)
    boundary = boundary or float_boundary(lowered)
    try:
        manager = EdgeProgramManager(lowered, compile_config=compile_config()).to_executorch()
        data = bytes(manager.buffer)
    except Exception as error:
        raise LoweringError(
            f"{origin}: ExecuTorch cannot serialize the lowered program: "
            f"{type(error).__name__}: {first_line(error)}; --debug shows the traceback"
        ) from error
    graph = manager.exported_program().graph_module.graph
    plan = manager.executorch_program.execution_plan[0]
    description = Description(graph, plan, required, boundary)
    try:
        return description.program(data, manager.executorch_program.version)
    except LoweringError as error:
        raise LoweringError(f"{origin}: {error}") from error
