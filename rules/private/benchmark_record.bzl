# SPDX-License-Identifier: Apache-2.0
"""cortex_m_benchmark_record: renews the figures that benchmarks are held against."""

load("@rules_python//python:defs.bzl", "PyInfo")
load(":benchmark_info.bzl", "CortexMBenchmarkInfo")
load(":python_tool.bzl", "LOWERING_TYPE")
load(":runfiles.bzl", "runfiles_path")

_SCRIPT = """\
#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Measures benchmarks and writes their figures into the source tree.
set -eu
: "${{BUILD_WORKSPACE_DIRECTORY:?run this with bazel run}}"
runfiles=${{RUNFILES_DIR:-$0.runfiles}}
export RUNFILES_DIR="$runfiles"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
set --
{measurements}
PYTHONPATH="$runfiles/{imports}" "$runfiles/{interpreter}" -S -s -B -m cortex_m_profile.benchmark record "$@"
"""

_MEASUREMENT = """\
echo 'measuring {key}'
"$runfiles/{measure}" --measure "$work/{number}.json"
set -- "$@" --entry "$BUILD_WORKSPACE_DIRECTORY/{record}" '{key}' "$work/{number}.json"
"""

def _benchmark_record_impl(ctx):
    python = ctx.toolchains[LOWERING_TYPE].lowering
    tool = ctx.attr._profile[PyInfo]
    measurements = []
    runfiles = ctx.runfiles(transitive_files = depset(
        transitive = [python.interpreter_files, tool.transitive_sources],
    ))
    for number, test in enumerate(ctx.attr.tests):
        info = test[CortexMBenchmarkInfo]
        if not info.record.is_source or info.record.owner.workspace_name:
            fail("{}: {} records in {}, which is no file of this source tree".format(
                ctx.label,
                test.label,
                info.record.short_path,
            ))
        measurements.append(_MEASUREMENT.format(
            key = info.key,
            measure = runfiles_path(ctx, info.measure),
            number = number,
            record = info.record.short_path,
        ))
        runfiles = runfiles.merge(ctx.runfiles([info.measure])).merge(test[DefaultInfo].default_runfiles)
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(script, _SCRIPT.format(
        imports = tool.imports.to_list()[0],
        interpreter = runfiles_path(ctx, python.interpreter),
        measurements = "".join(measurements),
    ), is_executable = True)
    return [DefaultInfo(executable = script, runfiles = runfiles)]

cortex_m_benchmark_record = rule(
    implementation = _benchmark_record_impl,
    doc = """Measures benchmarks and writes their figures into the source tree: `bazel run` it.

Example:
```starlark
cortex_m_benchmark_record(
    name = "record",
    tests = [
        ":digits_m4_benchmark",
        ":digits_m55_benchmark",
    ],
)
```""",
    attrs = {
        "tests": attr.label_list(
            doc = "cortex_m_benchmark_test targets; figures of others in the same file stay as they are.",
            mandatory = True,
            providers = [CortexMBenchmarkInfo],
        ),
        "_profile": attr.label(
            default = Label("//tools/profile:cortex_m_profile"),
            providers = [PyInfo],
            cfg = "exec",
        ),
    },
    executable = True,
    toolchains = [LOWERING_TYPE],
)
