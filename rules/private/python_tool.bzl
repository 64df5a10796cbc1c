# SPDX-License-Identifier: Apache-2.0
"""Runs a Python module of this repository, or of the user's, with the lowering toolchain's interpreter."""

load("@rules_python//python:defs.bzl", "PyInfo")

def _import_root(path, workspace_name):
    """Execution-root folder of one `PyInfo.imports` entry (`<workspace>/<folder>`)."""
    repository, _, folder = path.partition("/")
    root = "" if repository == workspace_name else "external/" + repository
    return "/".join([part for part in [root, folder] if part]) or "."

def python_path(ctx, libraries):
    """Import path, relative to the execution root, of some py_library targets.

    Args:
      ctx: rule context.
      libraries: list of targets with PyInfo.

    Returns:
      list of folders, the main repository's root and output root first.
    """
    roots = [".", ctx.bin_dir.path]
    for library in libraries:
        for path in library[PyInfo].imports.to_list():
            roots.append(_import_root(path, ctx.workspace_name))
        for source in library[PyInfo].transitive_sources.to_list():
            if source.owner.workspace_root and source.owner.workspace_root not in roots:
                roots.append(source.owner.workspace_root)
    return {root: None for root in roots}.keys()

def python_sources(libraries):
    """Every file the libraries need.

    Args:
      libraries: list of targets with PyInfo.

    Returns:
      depset of File.
    """
    return depset(transitive = [
        depset(transitive = [
            library[PyInfo].transitive_sources,
            library[DefaultInfo].default_runfiles.files,
        ])
        for library in libraries
    ])
