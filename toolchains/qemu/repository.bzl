# SPDX-License-Identifier: Apache-2.0
"""Finds the machine's qemu-system-arm.

The repository holds a link to it, so that tests have its content in their keys. Without QEMU the repository is made all
the same, and images are built; only `bazel run` of one and tests fail, with a line that says what to install.
"""

load("//toolchains:host.bzl", "find_program", "host_constraints", "placeholder", "watch")

_INSTALL = "apt-get install qemu-system-arm"

_BUILD = """\
# SPDX-License-Identifier: Apache-2.0

package(default_visibility = ["//visibility:public"])

exports_files(["bin/qemu-system-arm"])
"""

_QEMU_BZL = """\
# SPDX-License-Identifier: Apache-2.0
\"\"\"What was found out about the machine's qemu-system-arm.\"\"\"

QEMU_SYSTEM_ARM = Label("//:bin/qemu-system-arm")
QEMU_PROBLEM = {problem}
QEMU_VERSION = {version}
HOST_CONSTRAINTS = {constraints}
HOST_COMPILER = {compiler}
"""

def _find(rctx):
    """The path of the emulator, or None; and what to say if there is none."""
    path = rctx.attr.path or rctx.getenv("QEMU_SYSTEM_ARM")
    if path:
        program = rctx.path(path)
        watch(rctx, program)
        if program.exists:
            return program, ""
        return None, "{} does not exist: set QEMU_SYSTEM_ARM to the path of qemu-system-arm".format(program)
    program = find_program(rctx, "qemu-system-arm")
    if program:
        return program, ""
    return None, "no qemu-system-arm on PATH; install it: {} (or set QEMU_SYSTEM_ARM)".format(_INSTALL)

def _version(rctx, program):
    # "QEMU emulator version 11.1.3 (Debian ...)"
    _, _, rest = rctx.execute([program, "--version"]).stdout.partition("version ")
    return rest.strip().replace("\n", " ").split(" ")[0]

def _has_compiler(rctx):
    """Whether Bazel's own C toolchain of the host finds a compiler, as it looks for one."""
    return bool(rctx.getenv("CC") or find_program(rctx, "gcc") or find_program(rctx, "clang"))

def _qemu_system_arm_impl(rctx):
    program, problem = _find(rctx)
    if program:
        rctx.symlink(program, "bin/qemu-system-arm")
    else:
        rctx.file("bin/qemu-system-arm", placeholder(problem))
    rctx.file("BUILD.bazel", _BUILD)
    rctx.file("qemu.bzl", _QEMU_BZL.format(
        compiler = repr(_has_compiler(rctx)),
        constraints = repr(host_constraints(rctx)),
        problem = repr(problem),
        version = repr(_version(rctx, program) if program else ""),
    ))

qemu_system_arm = repository_rule(
    implementation = _qemu_system_arm_impl,
    attrs = {
        "path": attr.string(doc = "The emulator; what QEMU_SYSTEM_ARM, or else PATH, names if empty."),
    },
    configure = True,
    doc = "Finds the machine's qemu-system-arm: at `path`, at QEMU_SYSTEM_ARM, or on PATH.",
    local = True,
)
