# SPDX-License-Identifier: Apache-2.0
"""What the integration tests need of the machine, for bzlmod and WORKSPACE alike."""

load(":machine.bzl", "bazel_machine")
load(":sources.bzl", "packed_sources")

def integration_repositories():
    """This repository's sources as one file, and how to run Bazel on them."""
    bazel_machine(
        name = "cortex_m_machine",
        environments = {
            Label("@cortex_m_python//:BUILD.bazel"): "cortex_m~cortex_m_python",
            Label("@cortex_m_python_dev//:BUILD.bazel"): "cortex_m_dev~cortex_m_python_dev",
            Label("@cortex_m_python_interpreter//:BUILD.bazel"): "cortex_m~cortex_m_python_interpreter",
            Label("@cortex_m_python_tools//:BUILD.bazel"): "cortex_m~cortex_m_python_tools",
        },
        toolbox_rc = Label("//tools/toolbox:toolbox.bazelrc"),
    )
    packed_sources(
        name = "cortex_m_sources",
        packer = Label("//tests/integration:pack_sources.py"),
        python = Label("@cortex_m_python_interpreter//:bin/python3.11"),
        workspace_file = Label("//:MODULE.bazel"),
    )
