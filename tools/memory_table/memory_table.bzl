# SPDX-License-Identifier: Apache-2.0
"""memory_table: runs images in the emulator and prints what memory they take."""

load("//rules:providers.bzl", "CortexMFirmwareInfo")

# Runs Python as the rules do.
# buildifier: disable=bzl-visibility
load("//rules/private:runfiles.bzl", "runfiles_path")
load("//tools:measured_table.bzl", "LOWERING_TYPE", "measured_table")

_RUN = """\
"$runfiles/{image}" >"$work/{number}" || {{ cat "$work/{number}"; exit 1; }}
set -- "$@" --run "$work/{number}" --report "$runfiles/{report}"
"""

def _memory_table_impl(ctx):
    runs = []
    runfiles = ctx.runfiles()
    for number, firmware in enumerate(ctx.attr.firmware):
        report = firmware[CortexMFirmwareInfo].libraries[0].model.report
        image = firmware[DefaultInfo].files_to_run.executable
        runs.append(_RUN.format(
            image = runfiles_path(ctx, image),
            number = number,
            report = runfiles_path(ctx, report),
        ))
        runfiles = runfiles.merge(ctx.runfiles([report, image]))
        runfiles = runfiles.merge(firmware[DefaultInfo].default_runfiles)
    return [measured_table(ctx, runs, runfiles)]

memory_table = rule(
    implementation = _memory_table_impl,
    attrs = {
        "firmware": attr.label_list(
            doc = "Images of app.c, one a column.",
            mandatory = True,
            providers = [CortexMFirmwareInfo],
        ),
        "_tool": attr.label(default = Label(":tool")),
    },
    doc = "Prints the table: `bazel run`.",
    executable = True,
    toolchains = [LOWERING_TYPE],
)
