# SPDX-License-Identifier: Apache-2.0
"""A test that the emulator is found and is the one that was asked for its version."""

_TOOLCHAIN_TYPE = "//toolchains/qemu:toolchain_type"

_SCRIPT = """\
#!/bin/sh
'{program}' --version > "$TEST_TMPDIR/version" || exit 1
cat "$TEST_TMPDIR/version"
grep -q -F 'version {version}' "$TEST_TMPDIR/version"
"""

def _qemu_version_test_impl(ctx):
    qemu = ctx.toolchains[_TOOLCHAIN_TYPE].qemu
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(script, _SCRIPT.format(
        program = qemu.qemu_system_arm.short_path,
        version = qemu.version,
    ), is_executable = True)
    return [DefaultInfo(
        executable = script,
        runfiles = ctx.runfiles([qemu.qemu_system_arm]).merge(qemu.runfiles),
    )]

qemu_version_test = rule(
    implementation = _qemu_version_test_impl,
    doc = "Runs the emulator of the toolchain.",
    test = True,
    toolchains = [_TOOLCHAIN_TYPE],
)
