# SPDX-License-Identifier: Apache-2.0
"""Importing this module imports what every lowering needs of torch and executorch.

A persistent worker does it once, before any request. What is imported has computed nothing yet.
warm.txt names the modules; //toolchains:repositories.bzl has them compiled.
"""

import importlib
import importlib.resources

from cortex_m_lowering.determinism import pin_kernels
from cortex_m_lowering.quiet import quiet_libraries

pin_kernels()
quiet_libraries()
for _module in importlib.resources.files(__package__).joinpath("warm.txt").read_text().split():
    importlib.import_module(_module)
