# SPDX-License-Identifier: Apache-2.0
"""The repositories these rules make from what is on the machine, for bzlmod and WORKSPACE alike."""

load("//toolchains/gcc:repository.bzl", "gcc_arm_none_eabi")
load("//toolchains/python:interpreter.bzl", "python_interpreter")
load("//toolchains/python:repository.bzl", "python_environment")
load("//toolchains/qemu:repository.bzl", "qemu_system_arm")

def cortex_m_repositories():
    """Compiler, emulator, Python and its environments."""
    gcc_arm_none_eabi(name = "cortex_m_gcc")
    qemu_system_arm(name = "cortex_m_qemu")
    python_interpreter(name = "cortex_m_python_interpreter")
    python_environment(
        name = "cortex_m_python",
        exported_files = [
            "site-packages/executorch/data/bin/flatc",
            "site-packages/executorch/exir/_serialize/program.fbs",
            "site-packages/executorch/exir/_serialize/scalar_type.fbs",
        ],
        lock = Label("//toolchains/python:requirements.lock"),
        warm_list = Label("//lowering:cortex_m_lowering/warm.txt"),
    )
    python_environment(
        name = "cortex_m_python_tools",
        lock = Label("//toolchains/python:requirements_tools.lock"),
        warm = [
            "elftools.elf.elffile",
            "jinja2",
            "ortools.sat.python.cp_model",
            "plotly.graph_objects",
        ],
    )

def cortex_m_dev_repositories():
    """What the tests of rules_cortex_m itself need besides."""
    python_environment(
        name = "cortex_m_python_dev",
        exported_files = ["site-packages/bin/ruff"],
        lock = Label("//toolchains/python:requirements_dev.lock"),
        warm = [
            "hypothesis",
            "pytest",
        ],
    )
    python_environment(
        name = "cortex_m_python_cluster",
        lock = Label("//toolchains/python:requirements_cluster.lock"),
        warm = [
            "buildgrid.server.app.commands.cmd_migrate",
            "buildgrid.server.app.commands.cmd_server",
            "psycopg2",
            "sqlalchemy.dialects.postgresql.psycopg2",
        ],
    )
