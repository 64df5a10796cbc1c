# SPDX-License-Identifier: Apache-2.0
"""How a test runs Bazel on this machine: the program, its options and what is there already."""

_BUILD = """\
# SPDX-License-Identifier: Apache-2.0
exports_files(
    ["machine.json"],
    visibility = ["//visibility:public"],
)
"""

# Only the toolbox that bazelw makes has it.
_TOOLBOX_MARK = "/usr/share/bazel/stubs"

def _find_bazel(rctx):
    for name in ["bazel", "bazelisk"]:
        path = rctx.which(name)
        if path:
            return str(path)
    fail("no bazel or bazelisk on PATH: the integration tests run Bazel themselves; " +
         "add it to PATH or use ./bazelw")

def _canonical_names(name):
    """Names of a repository that an extension of rules_cortex_m makes (`EXTENSION~REPOSITORY`).

    With these rules as the main repository and as a module of another one, before and since Bazel 8, and
    without bzlmod. A build takes no notice of those it does not have.
    """
    new = name.replace("~", "+")
    return [
        "_main~" + name,
        "rules_cortex_m~~" + name,
        "+" + new,
        "rules_cortex_m++" + new,
        name.partition("~")[2],
    ]

def _bazel_machine_impl(rctx):
    overrides = {}
    for label, name in rctx.attr.environments.items():
        folder = rctx.path(label).realpath.dirname
        for canonical in _canonical_names(name):
            overrides[canonical] = str(folder)
    in_toolbox = rctx.path(_TOOLBOX_MARK).exists
    machine = {
        "bazel": _find_bazel(rctx),
        "bazel_version": rctx.attr.bazel_version,
        "bazelisk_home": rctx.getenv("BAZELISK_HOME") or (rctx.getenv("HOME") or "") + "/.cache/bazelisk",
        "overrides": overrides,
        "path": rctx.getenv("PATH"),
        "toolbox_rc": rctx.read(rctx.attr.toolbox_rc) if in_toolbox else "",
    }
    rctx.file("machine.json", json.encode_indent(machine))
    rctx.file("BUILD.bazel", _BUILD)

_bazel_machine = repository_rule(
    implementation = _bazel_machine_impl,
    doc = "What a test needs to run Bazel, as `:machine.json`.",
    attrs = {
        "bazel_version": attr.string(doc = "The running Bazel's, for Bazelisk."),
        "environments": attr.label_keyed_string_dict(
            doc = "Python environments that nested Bazels take from here: a file in each, and its name.",
        ),
        "toolbox_rc": attr.label(doc = "Options of the Bazel in the toolbox.", mandatory = True),
    },
    # Finds programs, which may come and go.
    configure = True,
)

def bazel_machine(name, **kwargs):
    """What a test needs to run Bazel, as `@<name>//:machine.json`.

    Args:
      name: the repository's name.
      **kwargs: `environments` and `toolbox_rc`.
    """
    _bazel_machine(name = name, bazel_version = native.bazel_version, **kwargs)
