# SPDX-License-Identifier: Apache-2.0
"""benchmark_table: measures benchmarks in the emulator and prints them beside published figures."""

load("@rules_python//python:defs.bzl", "PyInfo")
load("//rules:providers.bzl", "CortexMBenchmarkInfo", "CortexMFirmwareInfo")

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
{cells}
"$runfiles/{interpreter}" -S -s -B "$runfiles/{tool}" "$@"
"""

_CELL = """\
echo 'measuring {cell}' >&2
"$runfiles/{measure}" --measure "$work/{number}.json"
set -- "$@" --cell {cell} "$work/{number}.json" "$runfiles/{flash}"
"""

def _benchmark_table_impl(ctx):
    toolchain = ctx.toolchains[_LOWERING_TYPE].lowering
    tool = ctx.attr._tool[PyInfo].transitive_sources.to_list()[0]
    flash = {
        cell: target[CortexMFirmwareInfo].profile
        for target, cell in ctx.attr.flash.items()
    }
    cells = []
    runfiles = ctx.runfiles([tool] + flash.values(), transitive_files = toolchain.interpreter_files)
    for number, (target, cell) in enumerate(ctx.attr.benchmarks.items()):
        measure = target[CortexMBenchmarkInfo].measure
        cells.append(_CELL.format(
            cell = cell,
            flash = runfiles_path(ctx, flash[cell]),
            measure = runfiles_path(ctx, measure),
            number = number,
        ))
        runfiles = runfiles.merge(ctx.runfiles([measure])).merge(target[DefaultInfo].default_runfiles)
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(script, _SCRIPT.format(
        cells = "".join(cells),
        interpreter = runfiles_path(ctx, toolchain.interpreter),
        tool = runfiles_path(ctx, tool),
    ), is_executable = True)
    return [DefaultInfo(executable = script, runfiles = runfiles)]

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
        "_tool": attr.label(default = Label(":tool"), providers = [PyInfo]),
    },
    doc = "Prints the tables: `bazel run`.",
    executable = True,
    toolchains = [_LOWERING_TYPE],
)
