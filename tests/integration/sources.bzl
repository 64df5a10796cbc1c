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

def _is_source(path):
    name = path.basename
    if name in _LEFT_OUT or name.endswith(".md") or name.startswith("bazel-"):
        return False
    return not (path.is_dir and name.startswith("."))

def _packed_sources_impl(rctx):
    root = rctx.path(rctx.attr.workspace_file).dirname
    entries = [path for path in root.readdir() if _is_source(path)]
    for path in entries:
        if path.is_dir:
            rctx.watch_tree(path)
        else:
            rctx.watch(path)
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
