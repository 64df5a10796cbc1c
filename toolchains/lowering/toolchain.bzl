# SPDX-License-Identifier: Apache-2.0
"""The Python of all actions: an interpreter, torch and executorch for the lowering, and what the tools behind it need.

The built-in toolchain uses a copy of the machine's Python 3.11 and environments pip makes from
hashed locks (//toolchains/python). To bring other ones, register a toolchain before it. Packages are
targets of a pip hub, whose lock has what //toolchains/python:requirements.in and requirements_tools.in name:

    cortex_m_lowering_toolchain(
        name = "my_lowering",
        interpreter = "@python_3_11//:py3_runtime",
        lock = "//python:requirements.lock",
        packages = [
            "@pypi//executorch",
            "@pypi//safetensors",
            "@pypi//torch",
            "@pypi//tosa_tools",
        ],
        tool_packages = [
            "@pypi//itables",
            "@pypi//jinja2",
            "@pypi//ortools",
            "@pypi//plotly",
            "@pypi//pyelftools",
        ],
    )

    toolchain(
        name = "my_lowering_toolchain",
        exec_compatible_with = ["@platforms//os:linux", "@platforms//cpu:x86_64"],
        toolchain = ":my_lowering",
        toolchain_type = "@rules_cortex_m//toolchains/lowering:toolchain_type",
    )

Or each is one folder, which costs an action less than 24,000 files: `packages = ["//python:site-packages"]`, and with it
`flatc` and `schema`, since nothing looks into a folder.
"""

load("@rules_python//python:defs.bzl", "PyRuntimeInfo")
load(":packages.bzl", "file_of_package", "packages_info")

CortexMLoweringInfo = provider(
    doc = "What the actions that run Python need.",
    fields = {
        "env": "dict of string: environment of every action; add PYTHONPATH",
        "flatc": "File: the FlatBuffers compiler of the executorch wheel",
        "interpreter": "File: Python 3.11",
        "interpreter_files": "depset of File: what the interpreter alone needs",
        "interpreter_worker_files": "depset of File, none a folder: change when the interpreter does; see CortexMPackagesInfo",
        "lock": "File: pip's lock of the environment, whose versions the plans are compared with; or None",
        "packages": "CortexMPackagesInfo: torch, executorch and what they import",
        "schema": "list of File: program.fbs, the schema of `.pte` files, then what it includes from its own folder",
        "tool_packages": "CortexMPackagesInfo: what plan and reports need: jinja2, ortools, plotly, pyelftools",
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

_FLATC = "executorch/data/bin/flatc"
_SCHEMA = [
    "executorch/exir/_serialize/program.fbs",
    "executorch/exir/_serialize/scalar_type.fbs",
]

def _interpreter(ctx):
    """Program, depset of what it needs, depset of what stands for these in the key of a worker."""
    target = ctx.attr.interpreter
    lock = depset([ctx.file.interpreter_lock]) if ctx.file.interpreter_lock else None
    if PyRuntimeInfo not in target:
        files = target[DefaultInfo].files.to_list()
        if len(files) != 1:
            fail("{}: interpreter {} is {} files; give a Python 3.11 as one file with its runfiles, or a py_runtime".format(
                ctx.label,
                target.label,
                len(files),
            ))
        needed = depset(files, transitive = [target[DefaultInfo].default_runfiles.files])

        # Whether one of them is a folder, nobody knows.
        known = needed if needed.to_list() == files else depset()
        return files[0], needed, lock or known
    runtime = target[PyRuntimeInfo]
    if not runtime.interpreter:
        fail("{}: interpreter {} is {}, a path of this machine; actions need one that is a file of Bazel's".format(
            ctx.label,
            target.label,
            runtime.interpreter_path,
        ))
    needed = depset([runtime.interpreter], transitive = [runtime.files])
    return runtime.interpreter, needed, lock or needed

def _wheel_file(ctx, packages, path, attribute):
    file = file_of_package(packages, path)
    if not file:
        fail("{}: no {} among the files of packages; put the executorch wheel there, or name the file in {}".format(
            ctx.label,
            path,
            attribute,
        ))
    return file

def _cortex_m_lowering_toolchain_impl(ctx):
    interpreter, interpreter_files, interpreter_worker_files = _interpreter(ctx)
    packages = packages_info(ctx, ctx.attr.packages, ctx.file.lock)
    return [platform_common.ToolchainInfo(lowering = CortexMLoweringInfo(
        env = _ENV,
        flatc = ctx.file.flatc or _wheel_file(ctx, packages, _FLATC, "flatc"),
        interpreter = interpreter,
        interpreter_files = interpreter_files,
        interpreter_worker_files = interpreter_worker_files,
        lock = ctx.file.lock,
        packages = packages,
        schema = ctx.files.schema or [_wheel_file(ctx, packages, path, "schema") for path in _SCHEMA],
        tool_packages = packages_info(ctx, ctx.attr.tool_packages, ctx.file.tool_lock),
    ))]

_PACKAGES = " Targets with PyInfo, or one folder given as a directory label."

cortex_m_lowering_toolchain = rule(
    implementation = _cortex_m_lowering_toolchain_impl,
    doc = "A Python environment with torch and executorch; see the head of this file.",
    attrs = {
        "flatc": attr.label(
            allow_single_file = True,
            cfg = "exec",
            doc = "executorch/data/bin/flatc of the wheel; looked for among the files of `packages` if not given.",
        ),
        "interpreter": attr.label(
            allow_files = True,
            cfg = "exec",
            doc = "A Python 3.11: a file whose runfiles have what it needs, or a py_runtime with an interpreter of its own.",
            mandatory = True,
        ),
        "interpreter_lock": attr.label(
            allow_single_file = True,
            cfg = "exec",
            doc = "A file that is another one when what `interpreter` needs is: workers start anew when it changes. " +
                  "Without it the files of a py_runtime tell, none of which may be a folder then, and with a file's " +
                  "runfiles no action runs in a worker.",
        ),
        "lock": attr.label(
            allow_single_file = True,
            cfg = "exec",
            doc = "Requirements with pinned versions of executorch, torch and torchao, as in `packages`. " +
                  "Plans of programs that were lowered with others say so; without a lock they do not.",
        ),
        "packages": attr.label_list(
            allow_files = True,
            cfg = "exec",
            doc = "torch, executorch and what they import." + _PACKAGES,
            mandatory = True,
        ),
        "schema": attr.label_list(
            allow_files = [".fbs"],
            cfg = "exec",
            doc = "program.fbs and scalar_type.fbs of executorch/exir/_serialize in the wheel; looked for among the " +
                  "files of `packages` if not given.",
        ),
        "tool_lock": attr.label(
            allow_single_file = True,
            cfg = "exec",
            doc = "What a folder in `tool_packages` was made from: workers start anew when it changes. Without it the " +
                  "actions that import from a folder run in no worker.",
        ),
        "tool_packages": attr.label_list(
            allow_files = True,
            cfg = "exec",
            doc = "What //toolchains/python:requirements_tools.in names." + _PACKAGES,
            mandatory = True,
        ),
    },
)
