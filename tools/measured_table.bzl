# SPDX-License-Identifier: Apache-2.0
"""What rules share that measure in the emulator and print a table of it."""

load("@rules_python//python:defs.bzl", "PyInfo")

# Runs Python as the rules do.
# buildifier: disable=bzl-visibility
load("//rules/private:runfiles.bzl", "runfiles_path")

LOWERING_TYPE = Label("//toolchains/lowering:toolchain_type")

_SCRIPT = """\
#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
set -eu
runfiles=${{RUNFILES_DIR:-${{TEST_SRCDIR:-$0.runfiles}}}}
export RUNFILES_DIR="$runfiles"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
set --
{measurements}
"$runfiles/{interpreter}" -S -s -B "$runfiles/{tool}" "$@"
"""

def measured_table(ctx, measurements, runfiles):
    """A script that measures, then runs the rule's tool on what was measured.

    Args:
        ctx: the rule's; it has the attribute `_tool`, a py_library of one file, and the toolchain
            LOWERING_TYPE.
        measurements: lines of shell, which append the tool's arguments with `set -- "$@" ...`. They
            have the folders $runfiles and $work.
        runfiles: what those lines need.

    Returns:
        DefaultInfo.
    """
    toolchain = ctx.toolchains[LOWERING_TYPE].lowering
    tool = ctx.attr._tool[PyInfo].transitive_sources.to_list()[0]
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(script, _SCRIPT.format(
        interpreter = runfiles_path(ctx, toolchain.interpreter),
        measurements = "".join(measurements),
        tool = runfiles_path(ctx, tool),
    ), is_executable = True)
    return DefaultInfo(
        executable = script,
        runfiles = runfiles.merge(ctx.runfiles([tool], transitive_files = toolchain.interpreter_files)),
    )
