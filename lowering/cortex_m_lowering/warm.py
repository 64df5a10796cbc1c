# SPDX-License-Identifier: Apache-2.0
"""Importing this module imports what every lowering needs of torch and executorch.

A persistent worker does it once, before any request. What is imported has computed nothing yet.
"""

import importlib

from cortex_m_lowering.determinism import pin_kernels
from cortex_m_lowering.quiet import quiet_libraries

# As //toolchains:repositories.bzl has them compiled.
_MODULES = (
    "executorch.backends.cortex_m.edge_compile_config",
    "executorch.backends.cortex_m.passes.cortex_m_pass_manager",
    "executorch.backends.cortex_m.quantizer.quantizer",
    "executorch.exir",
    "executorch.extension.flat_tensor.serialize.serialize",
    "safetensors.torch",
    "torch._inductor.codegen.common",
    "torch._inductor.compiler_bisector",
    "torch.export._trace",
    "torchao.quantization.pt2e.quantize_pt2e",
)

pin_kernels()
quiet_libraries()
for _module in _MODULES:
    importlib.import_module(_module)
