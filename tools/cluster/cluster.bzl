# SPDX-License-Identifier: Apache-2.0
"""The program behind `bazel run //tools/cluster`."""

load("@rules_python//python:defs.bzl", "PyInfo")

# Runs Python as the rules do.
# buildifier: disable=bzl-visibility
load("//rules/private:runfiles.bzl", "runfiles_path")

_LOWERING_TYPE = Label("//toolchains/lowering:toolchain_type")

_SCRIPT = """\
#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
set -eu
runfiles=${{RUNFILES_DIR:-$0.runfiles}}
export PYTHONPATH="$runfiles/{root}"
exec "$runfiles/{interpreter}" -P -S -s -B -m cortex_m_cluster --packages="$runfiles/{packages}" "$@"
"""

def _cluster_impl(ctx):
    toolchain = ctx.toolchains[_LOWERING_TYPE].lowering
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(script, _SCRIPT.format(
        interpreter = runfiles_path(ctx, toolchain.interpreter),
        packages = runfiles_path(ctx, ctx.file.packages),
        root = ctx.attr.tool[PyInfo].imports.to_list()[0],
    ), is_executable = True)
    return DefaultInfo(
        executable = script,
        runfiles = ctx.runfiles(
            [ctx.file.packages],
            transitive_files = depset(transitive = [
                ctx.attr.tool[PyInfo].transitive_sources,
                toolchain.interpreter_files,
            ]),
        ),
    )

cluster = rule(
    implementation = _cluster_impl,
    attrs = {
        "packages": attr.label(
            allow_single_file = True,
            doc = "BuildGrid and what it needs, as one folder.",
            mandatory = True,
        ),
        "tool": attr.label(
            doc = "The package cortex_m_cluster.",
            mandatory = True,
            providers = [PyInfo],
        ),
    },
    doc = "Starts a cluster on this machine.",
    executable = True,
    toolchains = [_LOWERING_TYPE],
)
