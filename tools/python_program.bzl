# SPDX-License-Identifier: Apache-2.0
"""python_program: a tool of this repository that people start with `bazel run`."""

load("@rules_python//python:defs.bzl", "PyInfo")

# Runs Python as the rules do.
# buildifier: disable=bzl-visibility
load("//rules/private:runfiles.bzl", "runfiles_path")
load(":measured_table.bzl", "LOWERING_TYPE")

_SCRIPT = """\
#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
set -eu
runfiles=$(cd "${{RUNFILES_DIR:-$0.runfiles}}" && pwd)
export RUNFILES_DIR="$runfiles"
path=
for root in {roots}; do path=$path:$runfiles/$root; done
export PYTHONPATH="${{path#:}}"
exec "$runfiles/{interpreter}" -S -s -B -m {module} "$@"
"""

def _python_program_impl(ctx):
    toolchain = ctx.toolchains[LOWERING_TYPE].lowering
    roots = [root for dep in ctx.attr.deps for root in dep[PyInfo].imports.to_list()]
    roots = roots + toolchain.packages.runfiles_roots + toolchain.tool_packages.runfiles_roots
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(script, _SCRIPT.format(
        interpreter = runfiles_path(ctx, toolchain.interpreter),
        module = ctx.attr.module,
        roots = " ".join({root: None for root in roots}.keys()),
    ), is_executable = True)
    runfiles = ctx.runfiles(ctx.files.data, transitive_files = depset(transitive = [
        toolchain.interpreter_files,
        toolchain.packages.files,
        toolchain.tool_packages.files,
    ]))
    for target in ctx.attr.deps + ctx.attr.data:
        runfiles = runfiles.merge(target[DefaultInfo].default_runfiles)
    return [DefaultInfo(executable = script, runfiles = runfiles)]

python_program = rule(
    implementation = _python_program_impl,
    doc = """Runs a module with the lowering toolchain's Python and its packages: `bazel run`.

The module starts in the runfiles of the main repository, with $RUNFILES_DIR set; `args` come before
what follows `--` on the command line.""",
    attrs = {
        "data": attr.label_list(allow_files = True, doc = "Files the program reads."),
        "deps": attr.label_list(
            doc = "py_library targets with the module and what it imports.",
            mandatory = True,
            providers = [PyInfo],
        ),
        "module": attr.string(doc = "What `python -m` runs.", mandatory = True),
    },
    executable = True,
    toolchains = [LOWERING_TYPE],
)
