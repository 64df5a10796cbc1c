# SPDX-License-Identifier: Apache-2.0
"""Module extensions over //toolchains:repositories.bzl."""

load(":repositories.bzl", "cortex_m_dev_repositories", "cortex_m_repositories")

def _cortex_m_impl(_module_ctx):
    cortex_m_repositories()

# Not reproducible: what it finds depends on the machine.
cortex_m = module_extension(
    implementation = _cortex_m_impl,
    doc = "Makes @cortex_m_gcc, @cortex_m_qemu, @cortex_m_python_interpreter, @cortex_m_python and @cortex_m_python_tools.",
)

def _cortex_m_dev_impl(_module_ctx):
    cortex_m_dev_repositories()

cortex_m_dev = module_extension(
    implementation = _cortex_m_dev_impl,
    doc = "Makes @cortex_m_python_dev and @cortex_m_python_cluster, for the tests of rules_cortex_m itself.",
)
