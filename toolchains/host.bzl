# SPDX-License-Identifier: Apache-2.0
"""What the repository rules that look for programs on the machine share."""

_PLACEHOLDER = """\
#!/bin/sh
cat >&2 <<'END'
rules_cortex_m: {}
END
exit 127
"""

_OS = [
    ("linux", "@platforms//os:linux"),
    ("mac os", "@platforms//os:macos"),
]

_CPU = {
    "aarch64": "@platforms//cpu:aarch64",
    "amd64": "@platforms//cpu:x86_64",
    "arm64": "@platforms//cpu:aarch64",
    "x86_64": "@platforms//cpu:x86_64",
}

def placeholder(problem):
    """A script that stands in for a program that was not found: whatever runs it says what is missing."""
    return _PLACEHOLDER.format(problem)

def host_constraints(rctx):
    """What the machine that Bazel runs on is.

    Args:
      rctx: the repository rule's context.

    Returns:
      A list of labels of constraint values, as strings; an unknown system or processor is left out.
    """
    constraints = [constraint for start, constraint in _OS if rctx.os.name.lower().startswith(start)]
    if rctx.os.arch.lower() in _CPU:
        constraints.append(_CPU[rctx.os.arch.lower()])
    return constraints

def watch(rctx, path):
    """Makes the repository again when a file outside of it appears, goes or changes."""
    if hasattr(rctx, "watch"):
        rctx.watch(path)

def find_program(rctx, name):
    """Looks for a program on PATH.

    Unlike `rctx.which`, it watches also the places where the program is not, so that one installed later is seen.

    Args:
      rctx: the repository rule's context.
      name: the program.

    Returns:
      Its path, or None.
    """
    for folder in (rctx.getenv("PATH") or "").split(":"):
        if folder.startswith("/"):
            path = rctx.path(folder).get_child(name)
            watch(rctx, path)
            if path.exists:
                return path
    return None
