# SPDX-License-Identifier: Apache-2.0
"""Copies the machine's arm-none-eabi-gcc into a repository, so that machines without one can compile.

The toolchains of //toolchains/gcc:all run the compiler of the machine an action runs on. With this one a compile and a
link have all they need as inputs, but for the C library that the compiler's own programs load:

    # MODULE.bazel
    gcc_copy = use_repo_rule("@rules_cortex_m//toolchains/gcc:copy.bzl", "gcc_copy")
    gcc_copy(name = "arm_gcc")
    register_toolchains("//toolchains:all")

    # toolchains/gcc.bzl: a macro, for BUILD files take no `**`
    load("@arm_gcc//:gcc.bzl", "GCC")
    load("@rules_cortex_m//toolchains/gcc:toolchain.bzl", "cortex_m_gcc_toolchains")

    def copied_gcc_toolchains(name):
        cortex_m_gcc_toolchains(name = name, **GCC)

Linux only: elsewhere, take a compiler that is published as an archive (//toolchains/gcc:toolchain.bzl).
"""

load("//toolchains:cores.bzl", "variants")
load("//toolchains/python:pip.bzl", "PYTHON_OVERRIDE", "find_python", "run_copier")
load(":flags.bzl", "machine_flags")
load(":repository.bzl", "compiler_facts", "find_compiler", "write_compiler")

def _gcc_copy_impl(rctx):
    gcc, problem = find_compiler(rctx)
    if not gcc:
        fail("rules_cortex_m: there is no compiler to copy: " + problem)
    facts = compiler_facts(rctx, gcc)
    if "problem" in facts:
        fail("rules_cortex_m: there is no compiler to copy: " + facts["problem"])
    rctx.report_progress("copying {}".format(gcc))
    machines = {" ".join(machine_flags(chosen)): None for chosen in variants()}
    run_copier(
        rctx,
        find_python(rctx),
        Label("//toolchains/copies:compiler.py"),
        [str(gcc), "."] + machines.keys(),
        problem = "{} cannot be copied".format(gcc),
    )
    write_compiler(rctx, facts, folders = ["arm-none-eabi", "bin", "lib", "libexec"])

gcc_copy = repository_rule(
    implementation = _gcc_copy_impl,
    attrs = {
        "root": attr.string(
            doc = "The folder above the compiler's bin; what ARM_NONE_EABI_ROOT, or else PATH, names if empty.",
        ),
    },
    doc = "A copy of the machine's arm-none-eabi-gcc: `:files`, and `GCC` in gcc.bzl, as @cortex_m_gcc has them.",
    environ = ["ARM_NONE_EABI_ROOT", "PATH", PYTHON_OVERRIDE],
)
