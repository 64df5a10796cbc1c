# SPDX-License-Identifier: Apache-2.0
"""Which models an image has, wherever in its dependencies they are."""

load(":library_info.bzl", "CortexMLibraryInfo")

_EDGES = ["deps", "implementation_deps"]

_LibrariesInfo = provider(
    doc = "The models below a target.",
    fields = {"libraries": "depset of CortexMLibraryInfo"},
)

def _libraries_aspect_impl(target, ctx):
    below = [
        dep[_LibrariesInfo].libraries
        for edge in _EDGES
        for dep in getattr(ctx.rule.attr, edge, None) or []
        if _LibrariesInfo in dep
    ]
    own = [target[CortexMLibraryInfo]] if CortexMLibraryInfo in target else []
    return [_LibrariesInfo(libraries = depset(own, transitive = below, order = "preorder"))]

libraries_aspect = aspect(
    implementation = _libraries_aspect_impl,
    attr_aspects = _EDGES,
    doc = "Collects the models that a target and its dependencies link in.",
)

def libraries_of(deps):
    """The models of some targets that libraries_aspect has visited.

    Args:
      deps: list of Target.

    Returns:
      List of CortexMLibraryInfo, each once, in the order of the dependencies.
    """
    return depset(transitive = [dep[_LibrariesInfo].libraries for dep in deps], order = "preorder").to_list()
