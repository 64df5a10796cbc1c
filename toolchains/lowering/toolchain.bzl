# SPDX-License-Identifier: Apache-2.0
"""The Python of all actions: an interpreter, torch and executorch for the lowering, and what the tools behind it need.

The built-in toolchain uses a copy of the machine's Python 3.11 and environments pip makes from
hashed locks (//toolchains/python). To bring another one, register a toolchain before it:

    cortex_m_lowering_toolchain(
        name = "my_lowering",
        flatc = "//python:flatc",
        interpreter = "//python:python3.11",
        lock = "//python:requirements.lock",
        schema = ["//python:program.fbs", "//python:scalar_type.fbs"],
        site_packages = "//python:site-packages",
        tool_packages = "//python:tools-site-packages",
    )

    toolchain(
        name = "my_lowering_toolchain",
        toolchain = ":my_lowering",
        toolchain_type = "@rules_cortex_m//toolchains/lowering:toolchain_type",
    )
"""

CortexMLoweringInfo = provider(
    doc = "What the actions that run Python need.",
    fields = {
        "env": "dict of string: environment of every action; add PYTHONPATH",
        "flatc": "File: the FlatBuffers compiler of the executorch wheel",
        "interpreter": "File: Python 3.11",
        "lock": "File: pip's lock of the environment, whose versions the plans are compared with; or None",
        "interpreter_files": "depset of File: what the interpreter alone needs",
        "schema": "list of File: program.fbs, the schema of `.pte` files, then what it includes from its own folder",
        "site_packages": "File: the folder with torch and executorch, one input however many files it holds",
        "tool_packages": "File: the folder with what plan and reports need: jinja2, ortools, plotly, pyelftools",
    },
)

# One thread and a fixed hash seed: the same bytes on every run, on every machine.
_ENV = {
    "LC_ALL": "C.UTF-8",
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONNOUSERSITE": "1",
}

def _cortex_m_lowering_toolchain_impl(ctx):
    interpreter_files = depset(
        [ctx.file.interpreter],
        transitive = [ctx.attr.interpreter[DefaultInfo].default_runfiles.files],
    )
    return [platform_common.ToolchainInfo(lowering = CortexMLoweringInfo(
        env = _ENV,
        flatc = ctx.file.flatc,
        interpreter = ctx.file.interpreter,
        interpreter_files = interpreter_files,
        lock = ctx.file.lock,
        schema = ctx.files.schema,
        site_packages = ctx.file.site_packages,
        tool_packages = ctx.file.tool_packages,
    ))]

cortex_m_lowering_toolchain = rule(
    implementation = _cortex_m_lowering_toolchain_impl,
    doc = "A Python environment with torch and executorch; see the head of this file.",
    attrs = {
        "flatc": attr.label(
            allow_single_file = True,
            cfg = "exec",
            doc = "executorch/data/bin/flatc of the wheel.",
            mandatory = True,
        ),
        "interpreter": attr.label(
            allow_single_file = True,
            cfg = "exec",
            doc = "A Python 3.11 interpreter.",
            mandatory = True,
        ),
        "lock": attr.label(
            allow_single_file = True,
            cfg = "exec",
            doc = "Requirements with pinned versions of executorch, torch and torchao, as in site_packages. " +
                  "Plans of programs that were lowered with others say so; without a lock they do not.",
        ),
        "schema": attr.label_list(
            allow_files = [".fbs"],
            cfg = "exec",
            doc = "program.fbs and scalar_type.fbs of executorch/exir/_serialize in the wheel.",
            mandatory = True,
        ),
        "site_packages": attr.label(
            allow_single_file = True,
            cfg = "exec",
            doc = "A folder with torch, executorch and what they import, given as one directory label.",
            mandatory = True,
        ),
        "tool_packages": attr.label(
            allow_single_file = True,
            cfg = "exec",
            doc = "A folder with what //toolchains/python:requirements_tools.in names, given as one directory label.",
            mandatory = True,
        ),
    },
)
