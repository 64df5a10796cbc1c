# SPDX-License-Identifier: Apache-2.0
"""What the repository rules that run the machine's Python and its pip share."""

PYTHON_VERSION = "3.11"
PYTHON_OVERRIDE = "CORTEX_M_PYTHON"

# Where PyTorch publishes its CPU builds.
_TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"

def _version(rctx, python):
    result = rctx.execute([python, "-c", "import sys; print('%d.%d' % sys.version_info[:2], sys.executable)"])
    return result.stdout.strip().split(" ", 1) if result.return_code == 0 else [None, None]

def find_python(rctx):
    """Looks for the machine's Python 3.11; fails, naming the way out, if there is none.

    Args:
      rctx: the repository rule's context; the rule has PYTHON_OVERRIDE in its `environ`.

    Returns:
      The interpreter's own path, which is not that of a version manager's shim.
    """
    override = rctx.getenv(PYTHON_OVERRIDE)
    candidates = [override] if override else ["python" + PYTHON_VERSION, "python3"]
    seen = []
    for candidate in candidates:
        python = rctx.path(candidate) if candidate.startswith("/") else rctx.which(candidate)
        if not python:
            continue
        version, executable = _version(rctx, python)
        if version == PYTHON_VERSION:
            return executable
        seen.append("{} is {}".format(python, version or "not a Python"))
    fail("rules_cortex_m: no Python {} ({}); install it: apt-get install python{} python3-pip, or set {} to its path".format(
        PYTHON_VERSION,
        ", ".join(seen) or "none on PATH",
        PYTHON_VERSION,
        PYTHON_OVERRIDE,
    ))

def _pip_install(rctx, python, target, arguments):
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
            "--target=" + target,
        ] + arguments,
        timeout = 3600,
    )

def pip_install(rctx, python, lock, target):
    """Installs the packages of a lock with the machine's pip; fails, naming the way out, if it cannot.

    Args:
      rctx: the repository rule's context.
      python: the interpreter.
      lock: label of requirements with hashes, complete: dependencies are not resolved.
      target: the folder in the repository.

    Returns:
      The lock as it was installed.
    """
    lines = rctx.read(rctx.path(lock)).splitlines()
    if rctx.os.name == "linux" and rctx.os.arch in ["amd64", "x86_64"]:
        # torch's CPU build in place of PyPI's, which is for CUDA.
        lines = [line.replace(" ", "+cpu ", 1) if line.startswith("torch==") else line for line in lines]
    text = "\n".join(lines) + "\n"
    rctx.file("requirements.lock", text)
    rctx.report_progress("installing {} with pip".format(lock.name))

    # As pip is set up on the machine first: it may have an index of its own.
    result = _pip_install(rctx, python, target, [])
    if result.return_code and "torch" in result.stderr:
        result = _pip_install(rctx, python, target, ["--extra-index-url=" + _TORCH_CPU_INDEX])
    if result.return_code:
        fail(("rules_cortex_m: pip could not install {}:\n{}\n" +
              "Check the network and pip's index (PIP_INDEX_URL; for PyTorch's CPU build PIP_EXTRA_INDEX_URL), then build again.").format(
            lock,
            result.stderr[-2000:],
        ))
    return text

def run_python(rctx, python, script, arguments, problem):
    """Runs a script, always with the same hash seed and without the user's packages.

    Args:
      rctx: the repository rule's context.
      python: the interpreter.
      script: label of the script.
      arguments: its arguments.
      problem: what to say before the script's own words if it fails.

    Returns:
      What it printed.
    """
    result = rctx.execute(
        [python, "-E", "-s", "-B", rctx.path(script)] + arguments,
        environment = {"PYTHONHASHSEED": "0"},
        timeout = 1800,
    )
    if result.return_code:
        fail("rules_cortex_m: {}:\n{}".format(problem, result.stderr[-2000:]))
    return result.stdout

def run_copier(rctx, python, script, arguments, problem):
    """Runs a script of //toolchains/copies.

    Args:
      rctx: the repository rule's context.
      python: the interpreter.
      script: label of the script.
      arguments: its arguments behind the first, patchelf.
      problem: what to say before the script's own words if it fails.

    Returns:
      What it printed.
    """
    pip_install(rctx, python, Label(":requirements_copy.lock"), "tools")
    rctx.path(Label("//toolchains/copies:relocate.py"))  # the script imports it
    return run_python(rctx, python, script, ["tools/bin/patchelf"] + arguments, problem)

def date_folder(rctx, folder, date):
    """Gives a folder a date made from its content: Bazel sees by the date whether a folder has changed.

    Args:
      rctx: the repository rule's context.
      folder: the folder.
      date: seconds since 1970.
    """
    rctx.execute(["touch", "-d", "@{}".format(date), folder])
