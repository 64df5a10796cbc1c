# SPDX-License-Identifier: Apache-2.0
"""benchmark_table: measures benchmarks in the emulator and prints them beside published figures."""

load("//rules:providers.bzl", "CortexMBenchmarkInfo", "CortexMFirmwareInfo")

# Runs Python as the rules do.
# buildifier: disable=bzl-visibility
load("//rules/private:runfiles.bzl", "runfiles_path")
load("//tools:measured_table.bzl", "LOWERING_TYPE", "measured_table")

_CELL = """\
echo 'measuring {cell}' >&2
"$runfiles/{measure}" --measure "$work/{number}.json"
set -- "$@" --cell {cell} "$work/{number}.json" "$runfiles/{flash}"
"""

def _benchmark_table_impl(ctx):
    flash = {
        cell: target[CortexMFirmwareInfo].profile
        for target, cell in ctx.attr.flash.items()
    }
    cells = []
    runfiles = ctx.runfiles(flash.values())
    for number, (target, cell) in enumerate(ctx.attr.benchmarks.items()):
        measure = target[CortexMBenchmarkInfo].measure
        cells.append(_CELL.format(
            cell = cell,
            flash = runfiles_path(ctx, flash[cell]),
            measure = runfiles_path(ctx, measure),
            number = number,
        ))
        runfiles = runfiles.merge(ctx.runfiles([measure])).merge(target[DefaultInfo].default_runfiles)
    return [measured_table(ctx, cells, runfiles)]

benchmark_table = rule(
    implementation = _benchmark_table_impl,
    attrs = {
        "benchmarks": attr.label_keyed_string_dict(
            doc = "cortex_m_benchmark_test targets, each with \"NETWORK CORE IO\".",
            mandatory = True,
            providers = [CortexMBenchmarkInfo],
        ),
        "flash": attr.label_keyed_string_dict(
            doc = "Images that hold the network alone, each with the same words.",
            mandatory = True,
            providers = [CortexMFirmwareInfo],
        ),
        "_tool": attr.label(default = Label(":tool")),
    },
    doc = "Prints the tables: `bazel run`.",
    executable = True,
    toolchains = [LOWERING_TYPE],
)
