# SPDX-License-Identifier: Apache-2.0
"""memory_table: runs images in the emulator and prints what memory they take."""

load("@rules_python//python:defs.bzl", "PyInfo")
load("//rules:providers.bzl", "CortexMFirmwareInfo")

# Runs Python as the rules do.
# buildifier: disable=bzl-visibility
load("//rules/private:runfiles.bzl", "runfiles_path")

_LOWERING_TYPE = Label("//toolchains/lowering:toolchain_type")

_SCRIPT = """\
#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
set -eu
runfiles=${{RUNFILES_DIR:-${{TEST_SRCDIR:-$0.runfiles}}}}
export RUNFILES_DIR="$runfiles"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
set --
{runs}
"$runfiles/{interpreter}" -S -s -B "$runfiles/{tool}" "$@"
"""

_RUN = """\
"$runfiles/{image}" >"$work/{number}" || {{ cat "$work/{number}"; exit 1; }}
set -- "$@" --run "$work/{number}" --report "$runfiles/{report}"
"""

def _memory_table_impl(ctx):
    toolchain = ctx.toolchains[_LOWERING_TYPE].lowering
    tool = ctx.attr._tool[PyInfo].transitive_sources.to_list()[0]
    runs = []
    files = [tool]
    for number, firmware in enumerate(ctx.attr.firmware):
        report = firmware[CortexMFirmwareInfo].libraries[0].model.report
        image = firmware[DefaultInfo].files_to_run.executable
        files.extend([report, image])
        runs.append(_RUN.format(
            image = runfiles_path(ctx, image),
            number = number,
            report = runfiles_path(ctx, report),
        ))
    script = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(script, _SCRIPT.format(
        interpreter = runfiles_path(ctx, toolchain.interpreter),
        runs = "".join(runs),
        tool = runfiles_path(ctx, tool),
    ), is_executable = True)
    runfiles = ctx.runfiles(files, transitive_files = toolchain.interpreter_files)
    for firmware in ctx.attr.firmware:
        runfiles = runfiles.merge(firmware[DefaultInfo].default_runfiles)
    return [DefaultInfo(executable = script, runfiles = runfiles)]

memory_table = rule(
    implementation = _memory_table_impl,
    attrs = {
        "firmware": attr.label_list(
            doc = "Images of app.c, one a column.",
            mandatory = True,
            providers = [CortexMFirmwareInfo],
        ),
        "_tool": attr.label(default = Label(":tool"), providers = [PyInfo]),
    },
    doc = "Prints the table: `bazel run`.",
    executable = True,
    toolchains = [_LOWERING_TYPE],
)
