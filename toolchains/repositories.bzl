# SPDX-License-Identifier: Apache-2.0
"""The repositories these rules make from what is on the machine, for bzlmod and WORKSPACE alike."""

load("//toolchains/gcc:repository.bzl", "gcc_arm_none_eabi")
load("//toolchains/python:repository.bzl", "python_environment")
load("//toolchains/qemu:repository.bzl", "qemu_system_arm")

def cortex_m_repositories():
    """Compiler, emulator and Python environment."""
    gcc_arm_none_eabi(name = "cortex_m_gcc")
    qemu_system_arm(name = "cortex_m_qemu")
    python_environment(
        name = "cortex_m_python",
        exported_files = [
            "site-packages/executorch/data/bin/flatc",
            "site-packages/executorch/exir/_serialize",
        ],
        lock = Label("//toolchains/python:requirements.lock"),
    )

def cortex_m_dev_repositories():
    """What the tests of rules_cortex_m itself need besides."""
    python_environment(
        name = "cortex_m_python_dev",
        exported_files = ["site-packages/bin/ruff"],
        lock = Label("//toolchains/python:requirements_dev.lock"),
    )

def cortex_m_register_toolchains():
    """For WORKSPACE; MODULE.bazel registers the same."""
    native.register_toolchains(
        "@rules_cortex_m//toolchains/gcc:all",
        "@rules_cortex_m//toolchains/lowering:all",
        "@rules_cortex_m//toolchains/qemu:all",
    )
