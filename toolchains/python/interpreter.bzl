# SPDX-License-Identifier: Apache-2.0
"""Copies the machine's Python into a repository, so that actions need none on the machine they run on.

What an action runs is `bin/python3.11`, and everything it loads lies beside it in `lib`, which is one folder to Bazel.
Both are inputs like any others: in a sandbox, in runfiles and on a machine far away alike.
"""

load("//toolchains:host.bzl", "host_constraints")
load(":pip.bzl", "PYTHON_OVERRIDE", "PYTHON_VERSION", "date_folder", "find_python", "run_copier")

_BUILD = """\
# SPDX-License-Identifier: Apache-2.0

package(default_visibility = ["//visibility:public"])

exports_files([
    "bin/python{version}",
    "interpreter.lock",
    "lib",
    "tools/bin/patchelf",
])

# lib is one folder: nothing looks into it file by file.
filegroup(
    name = "python3",
    srcs = ["bin/python{version}"],
    data = ["lib"],
)
"""

def _link(rctx, python):
    """Where programs cannot be made to search for their libraries beside them: actions run on this machine only."""
    folder = rctx.path(python).dirname.dirname
    rctx.symlink(python, "bin/python" + PYTHON_VERSION)
    rctx.symlink(folder.get_child("lib"), "lib")
    return rctx.execute([python, "-VV"]).stdout

def _copy(rctx, python):
    date = run_copier(
        rctx,
        python,
        Label("//toolchains/copies:interpreter.py"),
        ["."],
        problem = "{} cannot be copied".format(python),
    )
    date_folder(rctx, "lib", date.strip())
    return date

def _python_interpreter_impl(rctx):
    python = find_python(rctx)
    if rctx.os.name == "linux":
        version = _copy(rctx, python)
    else:
        version = _link(rctx, python)

    # Stands for lib where Bazel takes no folder.
    rctx.file("interpreter.lock", version)
    rctx.file("BUILD.bazel", _BUILD.format(version = PYTHON_VERSION))
    rctx.file("host.bzl", "HOST_CONSTRAINTS = {}\n".format(host_constraints(rctx)))

python_interpreter = repository_rule(
    implementation = _python_interpreter_impl,
    doc = "The machine's Python 3.11 and its standard library as `:python3`.",
    environ = [PYTHON_OVERRIDE],
)
