# SPDX-License-Identifier: Apache-2.0
"""Makes a Python environment by plain pip from a lock with hashes.

`pip.parse` of rules_python would do, but its interface differs between the versions these rules
support, and it gives each of 29,600 files as an input of its own; this is one folder.
"""

load("//toolchains:host.bzl", "host_constraints")

_VERSION = "3.11"
_OVERRIDE = "CORTEX_M_PYTHON"

# 2001 and some thirty years.
_FIRST_TIME = 1000000000
_TIME_SPAN = 1000000000

# Where PyTorch publishes its CPU builds.
_TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"

_BUILD = """\
# SPDX-License-Identifier: Apache-2.0

package(default_visibility = ["//visibility:public"])

exports_files([
    "python3",
    "site-packages",
] + {files})
"""

def _version(rctx, python):
    result = rctx.execute([python, "-c", "import sys; print('%d.%d' % sys.version_info[:2], sys.executable)"])
    return result.stdout.strip().split(" ", 1) if result.return_code == 0 else [None, None]

def _find_python(rctx):
    """The real path of a Python 3.11: a shim of a version manager would not work in a sandbox."""
    override = rctx.getenv(_OVERRIDE)
    candidates = [override] if override else ["python" + _VERSION, "python3"]
    seen = []
    for candidate in candidates:
        python = rctx.path(candidate) if candidate.startswith("/") else rctx.which(candidate)
        if not python:
            continue
        version, executable = _version(rctx, python)
        if version == _VERSION:
            return executable
        seen.append("{} is {}".format(python, version or "not a Python"))
    fail("rules_cortex_m: no Python {} ({}); install it: apt-get install python{} python3-pip, or set {} to its path".format(
        _VERSION,
        ", ".join(seen) or "none on PATH",
        _VERSION,
        _OVERRIDE,
    ))

def _lock(rctx):
    """The lock's text; on Linux for x86-64 with torch's CPU build in place of PyPI's, which is for CUDA."""
    lines = rctx.read(rctx.path(rctx.attr.lock)).splitlines()
    if rctx.os.name == "linux" and rctx.os.arch in ["amd64", "x86_64"]:
        lines = [
            line.replace(" ", "+cpu ", 1) if line.startswith("torch==") else line
            for line in lines
        ]
    return "\n".join(lines) + "\n"

def _install(rctx, python, arguments):
    return rctx.execute(
        [
            python,
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--no-compile",
            "--no-deps",
            "--no-input",
            "--only-binary=:all:",
            "--require-hashes",
            "--requirement=requirements.lock",
            "--root-user-action=ignore",
            "--target=site-packages",
        ] + arguments,
        timeout = 3600,
    )

def _precompile(rctx, python):
    """Compiles what every lowering imports, and so proves that it can be imported."""
    result = rctx.execute(
        [python, "-I", "-B", rctx.path(Label("//toolchains/python:precompile.py")), "site-packages"] + rctx.attr.warm,
        environment = {"PYTHONHASHSEED": "0"},
        timeout = 1800,
    )
    if result.return_code:
        fail("rules_cortex_m: the packages of {} do not work on this machine:\n{}".format(
            rctx.attr.lock,
            result.stderr[-2000:],
        ))

def _python_environment_impl(rctx):
    python = _find_python(rctx)
    rctx.report_progress("installing {} with pip".format(rctx.attr.lock.name))
    lock = _lock(rctx)
    rctx.file("requirements.lock", lock)

    # As pip is set up on the machine first: it may have an index of its own.
    result = _install(rctx, python, [])
    if result.return_code and "torch" in result.stderr:
        result = _install(rctx, python, ["--extra-index-url=" + _TORCH_CPU_INDEX])
    if result.return_code:
        fail(("rules_cortex_m: pip could not install {}:\n{}\n" +
              "Check the network and pip's index (PIP_INDEX_URL; for PyTorch's CPU build PIP_EXTRA_INDEX_URL), then build again.").format(
            rctx.attr.lock,
            result.stderr[-2000:],
        ))
    _precompile(rctx, python)

    # Bazel sees a folder by its time stamp: the same lock is the same input after another fetch.
    rctx.execute(["touch", "-d", "@{}".format(_FIRST_TIME + hash(lock) % _TIME_SPAN), "site-packages"])
    rctx.symlink(python, "python3")
    rctx.file("BUILD.bazel", _BUILD.format(files = rctx.attr.exported_files))
    rctx.file("host.bzl", "HOST_CONSTRAINTS = {}\n".format(host_constraints(rctx)))

python_environment = repository_rule(
    implementation = _python_environment_impl,
    doc = "The machine's Python 3.11 as `:python3` and the packages of a lock as `:site-packages`.",
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
    },
    environ = [_OVERRIDE],
)
