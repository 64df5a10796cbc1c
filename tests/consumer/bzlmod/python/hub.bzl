# SPDX-License-Identifier: Apache-2.0
"""A pip hub of packages that are installed already, of the same shape as one of rules_python's pip.parse().

`@pypi//torch` is a py_library of the wheel's files, each an input of its own, with `site-packages` as its import root and
what the wheel requires as its deps. Other than there, compiled modules are among the files: compiling torch takes half a minute.
"""

_BUILD = """\
load("@rules_python//python:defs.bzl", "py_library")

py_library(
    name = "{name}",
    srcs = glob(["site-packages/**/*.py"], allow_empty = True),
    data = glob(["site-packages/**"], exclude = ["**/*.py", "**/*.dist-info/RECORD"]),
    imports = ["site-packages"],
    visibility = ["//visibility:public"],
    deps = {deps},
)
"""

def _normalized(name):
    """A package's name as rules_python writes it."""
    return name.strip().lower().replace("-", "_").replace(".", "_")

def _requirement(line):
    """The package that a `Requires-Dist` names."""
    for separator in [";", "[", " ", "(", "<", ">", "=", "!", "~"]:
        line = line.split(separator)[0]
    return _normalized(line)

def _pip_hub_impl(rctx):
    site_packages = rctx.path(rctx.attr.installed)
    packages = {}
    for entry in site_packages.readdir():
        if not entry.basename.endswith(".dist-info"):
            continue
        requires = {}
        for line in rctx.read(entry.get_child("METADATA")).splitlines():
            if line.startswith("Requires-Dist: ") and "extra ==" not in line:
                requires[_requirement(line.removeprefix("Requires-Dist: "))] = None
        roots = {}
        for line in rctx.read(entry.get_child("RECORD")).splitlines():
            root = line.split(",")[0].split("/")[0]
            if root not in ["..", "__pycache__", "bin"]:
                roots[root] = None
        packages[_normalized(entry.basename.split("-")[0])] = struct(requires = requires, roots = roots)
    for name, package in packages.items():
        for root in package.roots:
            if site_packages.get_child(root).exists:
                rctx.symlink(site_packages.get_child(root), "{}/site-packages/{}".format(name, root))
        rctx.file("{}/BUILD.bazel".format(name), _BUILD.format(
            name = name,
            deps = repr(["//" + required for required in package.requires if required in packages]),
        ))

pip_hub = repository_rule(
    implementation = _pip_hub_impl,
    attrs = {
        "installed": attr.label(mandatory = True, doc = "A folder that pip has installed packages in."),
    },
    doc = "One package with a py_library for each installed one.",
)
