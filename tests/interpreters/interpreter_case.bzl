# SPDX-License-Identifier: Apache-2.0
"""What of a toolchain's interpreter are inputs of an action, and what names a worker."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//toolchains/lowering:toolchain.bzl", "cortex_m_lowering_toolchain")

def _names(files):
    return sorted([file.basename for file in files.to_list()])

def _impl(ctx):
    env = analysistest.begin(ctx)
    info = analysistest.target_under_test(env)[platform_common.ToolchainInfo].lowering
    asserts.equals(env, ctx.attr.program, info.interpreter.basename)
    asserts.equals(env, ctx.attr.files, _names(info.interpreter_files))
    asserts.equals(env, ctx.attr.worker_files, _names(info.interpreter_worker_files))
    return analysistest.end(env)

_interpreter_test = analysistest.make(
    _impl,
    attrs = {
        "files": attr.string_list(),
        "program": attr.string(),
        "worker_files": attr.string_list(),
    },
)

def interpreter_case(name, interpreter, interpreter_lock = None, **expected):
    """A toolchain with an interpreter, `<name>_toolchain`, and its test.

    Args:
      name: of the test.
      interpreter: of cortex_m_lowering_toolchain.
      interpreter_lock: of cortex_m_lowering_toolchain.
      **expected: names of files: `program`; `files`, all inputs; `worker_files`, what names a worker.
    """
    cortex_m_lowering_toolchain(
        name = name + "_toolchain",
        flatc = "@cortex_m_python//:site-packages/executorch/data/bin/flatc",
        interpreter = interpreter,
        interpreter_lock = interpreter_lock,
        packages = ["@cortex_m_python//:site-packages"],
        schema = ["@cortex_m_python//:site-packages/executorch/exir/_serialize/program.fbs"],
        tags = ["manual"],
        tool_packages = ["@cortex_m_python_tools//:site-packages"],
    )
    _interpreter_test(
        name = name,
        size = "small",
        target_under_test = name + "_toolchain",
        **expected
    )
