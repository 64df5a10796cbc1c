# SPDX-License-Identifier: Apache-2.0
"""The emulator that images run in.

The toolchain names only the machines that QEMU itself runs on (`exec_compatible_with`). It has no target constraints:
one qemu-system-arm emulates every core, and which machine it emulates is the board's matter. So the same
toolchain is resolved by a firmware, whose target platform is a Cortex-M, and by a test, whose target platform is the
host; a rule must not take the emulator from a toolchain of its target platform.

A rule uses it like this:

    qemu = ctx.toolchains["@rules_cortex_m//toolchains/qemu:toolchain_type"].qemu
    runfiles = ctx.runfiles([qemu.qemu_system_arm]).merge(qemu.runfiles)

To bring an emulator of your own, make a toolchain and register it in the root module:

    cortex_m_qemu_toolchain(
        name = "my_qemu",
        qemu_system_arm = "@my_qemu//:qemu-system-arm",
        version = "10.0.0",
    )

    toolchain(
        name = "my_qemu_toolchain",
        exec_compatible_with = ["@platforms//os:linux", "@platforms//cpu:x86_64"],
        toolchain = ":my_qemu",
        toolchain_type = "@rules_cortex_m//toolchains/qemu:toolchain_type",
    )
"""

CortexMQemuInfo = provider(
    doc = "An emulator of Arm machines.",
    fields = {
        "counter": "File: the plugin `bazel run ... -- --profile` counts with; None if there is none",
        "problem": "string: why there is no emulator, in one line with the way out; empty if there is one. " +
                   "Running `qemu_system_arm` then prints this line and exits with 127, so rules need not look at it",
        "qemu_system_arm": "File: the program",
        "runfiles": "runfiles: what the program needs when it runs",
        "version": "string: its version, for example `11.1.3`; empty if not known",
    },
)

def _cortex_m_qemu_toolchain_impl(ctx):
    target = ctx.attr.qemu_system_arm
    program = target[DefaultInfo].files_to_run.executable or ctx.file.qemu_system_arm
    return [
        DefaultInfo(files = depset([program])),
        platform_common.ToolchainInfo(qemu = CortexMQemuInfo(
            counter = ctx.file.counter,
            problem = ctx.attr.problem,
            qemu_system_arm = program,
            runfiles = target[DefaultInfo].default_runfiles,
            version = ctx.attr.version,
        )),
    ]

cortex_m_qemu_toolchain = rule(
    implementation = _cortex_m_qemu_toolchain_impl,
    attrs = {
        "counter": attr.label(
            allow_single_file = True,
            cfg = "exec",
            doc = "The plugin for profiles: @rules_cortex_m//tools/profile:counter.so, which needs a C " +
                  "compiler for the machine QEMU runs on, and QEMU 11.1 or newer. Without it images run all the " +
                  "same, but `--profile` is refused.",
        ),
        "problem": attr.string(doc = "Why there is no emulator, if there is none."),
        "qemu_system_arm": attr.label(
            allow_single_file = True,
            cfg = "exec",
            doc = "The program qemu-system-arm.",
            mandatory = True,
        ),
        "version": attr.string(doc = "Its version."),
    },
    doc = "An emulator; see the head of this file.",
)
