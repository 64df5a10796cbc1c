# SPDX-License-Identifier: Apache-2.0
"""Makes a Python environment by plain pip from a lock with hashes.

`pip.parse` of rules_python would do, but its interface differs between the versions these rules
support, and it gives each of 24,000 files as an input of its own; this is one folder.
"""

load(":pip.bzl", "PYTHON_OVERRIDE", "date_folder", "find_python", "pip_install", "run_python")

# 2001 and some thirty years.
_FIRST_TIME = 1000000000
_TIME_SPAN = 1000000000

_BUILD = """\
# SPDX-License-Identifier: Apache-2.0

package(default_visibility = ["//visibility:public"])

exports_files(["site-packages"] + {files})
"""

def _python_environment_impl(rctx):
    python = find_python(rctx)
    warm = list(rctx.attr.warm)
    if rctx.attr.warm_list:
        warm.extend(rctx.read(rctx.attr.warm_list).splitlines())
    lock = pip_install(rctx, python, rctx.attr.lock, "site-packages")
    run_python(
        rctx,
        python,
        Label(":precompile.py"),
        ["site-packages"] + warm,
        problem = "the packages of {} do not work on this machine".format(rctx.attr.lock),
    )
    run_python(
        rctx,
        python,
        Label(":trim.py"),
        ["site-packages"],
        problem = "the packages of {} are not as pip installs them".format(rctx.attr.lock),
    )

    # The same lock is the same input after another fetch.
    date_folder(rctx, "site-packages", _FIRST_TIME + hash(lock) % _TIME_SPAN)
    rctx.file("BUILD.bazel", _BUILD.format(files = rctx.attr.exported_files))

python_environment = repository_rule(
    implementation = _python_environment_impl,
    doc = "The packages of a lock, for Python 3.11, as the folder `:site-packages`.",
    attrs = {
        "exported_files": attr.string_list(
            doc = "Files below the repository that get labels of their own.",
        ),
        "lock": attr.label(
            allow_single_file = True,
            doc = "Requirements with hashes, complete: dependencies are not resolved.",
            mandatory = True,
        ),
        "warm": attr.string_list(
            doc = "Modules that are imported once, so that they and what they import are compiled.",
        ),
        "warm_list": attr.label(
            allow_single_file = [".txt"],
            doc = "A file with more of them, one a line.",
        ),
    },
    environ = [PYTHON_OVERRIDE],
)
