# SPDX-License-Identifier: Apache-2.0
"""Where tests boot images: the exec group `emulate`, and its emulator.

Its platform may be another one than those that compile: `exec_properties = {"emulate.Pool": "qemu"}` of a test
or of a platform is for these machines alone.
"""

load(":runfiles.bzl", "runfiles_path")

QEMU_TYPE = Label("//toolchains/qemu:toolchain_type")

_GROUP = "emulate"

# The `exec_groups` of a test rule that boots an image.
EMULATE_EXEC_GROUPS = {_GROUP: exec_group(toolchains = [QEMU_TYPE])}

def emulated_test(ctx, profile = False):
    """What a test needs to boot an image on a machine of the exec group.

    Args:
      ctx: context of a rule with EMULATE_EXEC_GROUPS.
      profile: whether its instructions are counted.

    Returns:
      struct: `arguments` (list of string, for the image's runner in the runfiles folder), `runfiles`,
      `execution_info` (provider of the test).
    """
    qemu = ctx.exec_groups[_GROUP].toolchains[QEMU_TYPE].qemu
    arguments = ["--qemu=" + runfiles_path(ctx, qemu.qemu_system_arm)]
    files = [qemu.qemu_system_arm]
    if profile and qemu.counter:
        arguments.append("--counter=" + runfiles_path(ctx, qemu.counter))
        files.append(qemu.counter)
    return struct(
        arguments = arguments,
        execution_info = testing.ExecutionInfo({}, exec_group = _GROUP),
        runfiles = ctx.runfiles(files).merge(qemu.runfiles),
    )
