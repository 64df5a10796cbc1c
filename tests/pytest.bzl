# SPDX-License-Identifier: Apache-2.0
"""pytest_test: a pytest suite run with the lowering toolchain's Python."""

load("@rules_python//python:defs.bzl", "PyInfo")

# The tests run Python as the rules do.
# buildifier: disable=bzl-visibility
load("//rules/private:runfiles.bzl", "runfiles_path")

_LOWERING_TYPE = Label("//toolchains/lowering:toolchain_type")

_SCRIPT = """\
#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
set -eu
runfiles=${{RUNFILES_DIR:-$TEST_SRCDIR}}
export RUNFILES_DIR="$runfiles"
cd "$runfiles/{workspace}"
{env}
path=
for root in {roots}; do path=$path:$runfiles/$root; done
export PYTHONPATH="${{path#:}}"
exec "$runfiles/{interpreter}" -S -s -B -m pytest -p no:cacheprovider \\
  --junitxml="$XML_OUTPUT_FILE" --basetemp="$TEST_TMPDIR/pytest" -q -rs {sources} "$@"
"""

def _pytest_test_impl(ctx):
    toolchain = ctx.toolchains[_LOWERING_TYPE].lowering
    roots = [ctx.workspace_name]
    for dep in ctx.attr.deps:
        roots.extend(dep[PyInfo].imports.to_list())
    roots.extend(toolchain.packages.runfiles_roots)
    roots.extend(toolchain.tool_packages.runfiles_roots)
    roots.append(runfiles_path(ctx, ctx.file._dev_packages))
    env = dict(toolchain.env)
    for name, value in ctx.attr.env.items():
        env[name] = ctx.expand_location(value, ctx.attr.data)
    env["FLATC"] = "$runfiles/" + runfiles_path(ctx, toolchain.flatc)
    env["PROGRAM_SCHEMA"] = "$runfiles/" + runfiles_path(ctx, toolchain.schema[0]).rpartition("/")[0]
    script = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(
        script,
        _SCRIPT.format(
            env = "\n".join(['export {}="{}"'.format(name, value) for name, value in env.items()]),
            interpreter = runfiles_path(ctx, toolchain.interpreter),
            roots = " ".join({root: None for root in roots}.keys()),
            sources = " ".join([file.short_path for file in ctx.files.srcs if file.basename != "conftest.py"]),
            workspace = ctx.workspace_name,
        ),
        is_executable = True,
    )
    files = ctx.files.srcs + ctx.files.data + [
        ctx.file._dev_packages,
        toolchain.flatc,
    ] + toolchain.schema
    runfiles = ctx.runfiles(files, transitive_files = depset(transitive = [
        toolchain.interpreter_files,
        toolchain.packages.files,
        toolchain.tool_packages.files,
    ]))
    for target in ctx.attr.deps + ctx.attr.data:
        runfiles = runfiles.merge(target[DefaultInfo].default_runfiles)
    return [DefaultInfo(executable = script, runfiles = runfiles)]

pytest_test = rule(
    implementation = _pytest_test_impl,
    doc = """A pytest suite; `bazel test --test_arg=-k --test_arg=NAME` picks cases.

The suite runs in the runfiles of the main repository, with $FLATC and $PROGRAM_SCHEMA set.""",
    attrs = {
        "data": attr.label_list(allow_files = True, doc = "Files the suite reads."),
        "deps": attr.label_list(providers = [PyInfo], doc = "py_library targets it imports."),
        "env": attr.string_dict(doc = "Environment; $(location ...) of `data` is expanded."),
        "srcs": attr.label_list(
            allow_files = [".py"],
            doc = "Test files, and conftest.py.",
            mandatory = True,
        ),
        "_dev_packages": attr.label(
            default = "@cortex_m_python_dev//:site-packages",
            allow_single_file = True,
        ),
    },
    test = True,
    toolchains = [_LOWERING_TYPE],
)
