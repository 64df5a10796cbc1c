# SPDX-License-Identifier: Apache-2.0
"""The sources of this repository as one file, an input that changes with each of them."""

_BUILD = """\
# SPDX-License-Identifier: Apache-2.0
exports_files(
    ["sources.tar"],
    visibility = ["//visibility:public"],
)
"""

# What no build reads: nothing runs anew because of it.
_LEFT_OUT = ["docs", "user.bazelrc", "MODULE.bazel.lock", "LICENSE"]

# More files and folders than there are.
_MANY = 100000

def _is_link_of_bazel(path):
    return path.basename.startswith("bazel-")

def _is_source(path):
    name = path.basename
    if name in _LEFT_OUT or name.endswith(".md"):
        return False
    return not _is_link_of_bazel(path) and not (path.is_dir and name.startswith("."))

def _watch(rctx, entries):
    """Packs anew when a file changes, appears or goes; `watch_tree` would follow the links Bazel makes."""
    waiting = list(entries)
    for _ in range(_MANY):
        if not waiting:
            return
        path = waiting.pop()
        if path.is_dir:
            waiting.extend([entry for entry in path.readdir(watch = "yes") if not _is_link_of_bazel(entry)])
        else:
            rctx.watch(path)
    fail("more than {} sources".format(_MANY))

def _packed_sources_impl(rctx):
    root = rctx.path(rctx.attr.workspace_file).dirname
    entries = [path for path in root.readdir() if _is_source(path)]
    _watch(rctx, entries)
    result = rctx.execute(
        [rctx.path(rctx.attr.python), "-I", "-B", rctx.path(rctx.attr.packer), root, "sources.tar"] +
        sorted([path.basename for path in entries]),
    )
    if result.return_code:
        fail("the sources in {} could not be packed:\n{}".format(root, result.stderr))
    rctx.file("BUILD.bazel", _BUILD)

packed_sources = repository_rule(
    implementation = _packed_sources_impl,
    doc = "The main repository's sources as `:sources.tar`; made again when one of them changes.",
    attrs = {
        "packer": attr.label(doc = "The script that packs.", mandatory = True),
        "python": attr.label(doc = "The interpreter for it.", mandatory = True),
        "workspace_file": attr.label(doc = "A file in the folder to pack.", mandatory = True),
    },
)
