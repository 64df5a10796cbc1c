# SPDX-License-Identifier: Apache-2.0
"""One lowering by ExecuTorch's own Python API, in the order of its aot_arm_compiler.py.

    executorch_lowering PACKAGE.MODULE:FACTORY CORE OUT.pte

That script is backends/arm/scripts/aot_arm_compiler.py of ExecuTorch, `--quantize` for a Cortex-M
target. It is not run itself: it imports packages of other backends and of developers' tools.
"""

import importlib
import sys
from pathlib import Path

import torch
from executorch.backends.cortex_m.edge_compile_config import cortex_m_edge_compile_config
from executorch.backends.cortex_m.passes.cortex_m_pass_manager import CortexMPassManager
from executorch.backends.cortex_m.quantizer.quantizer import CortexMQuantizer
from executorch.backends.cortex_m.target_config import CortexMTargetConfig
from executorch.exir import ExecutorchBackendConfig, to_edge_transform_and_lower
from torchao.quantization.pt2e.quantize_pt2e import convert_pt2e, prepare_pt2e


def lowered(factory: str, core: str) -> bytes:
    """The program of the model that `factory` makes, calibrated with its example inputs."""
    module, _, function = factory.partition(":")
    model, inputs = getattr(importlib.import_module(module), function)()
    inputs = tuple(channels_last(value) for value in inputs)
    captured = torch.export.export(model.eval().requires_grad_(False), inputs)
    # Without guards: ExecuTorch 1.5's quantizer does not take the call that checks them.
    model = captured.module(check_guards=False).to(memory_format=torch.channels_last)
    captured = torch.export.export(model, inputs)

    prepared = prepare_pt2e(captured.module(check_guards=False), CortexMQuantizer())
    prepared(*inputs)
    quantized = torch.export.export(convert_pt2e(prepared), inputs)

    edge = to_edge_transform_and_lower(quantized, compile_config=cortex_m_edge_compile_config())
    target = CortexMTargetConfig.from_target_string(core)
    passes = CortexMPassManager(edge.exported_program(), target_config=target)
    edge._edge_programs["forward"] = passes.transform()
    config = ExecutorchBackendConfig(extract_delegate_segments=False)
    return bytes(edge.to_executorch(config=config).buffer)


def channels_last(value: torch.Tensor) -> torch.Tensor:
    return value.to(memory_format=torch.channels_last) if value.dim() == 4 else value


if __name__ == "__main__":
    Path(sys.argv[3]).write_bytes(lowered(sys.argv[1], sys.argv[2]))
