# SPDX-License-Identifier: Apache-2.0
"""Puts the dependencies of a test's helper rules on the platform of a variant."""

load("//toolchains:cores.bzl", "platform_label")

_FLAGS = [
    "//command_line_option:compilation_mode",
    "//command_line_option:conlyopt",
    "//command_line_option:copt",
    "//command_line_option:cxxopt",
    "//command_line_option:extra_toolchains",
    "//command_line_option:features",
    "//command_line_option:linkopt",
    "//command_line_option:platforms",
]

def _variant_transition_impl(settings, attr):
    # Whatever flags the tests were started with, what they look at is the same.
    result = {flag: [] for flag in _FLAGS}
    result["//command_line_option:compilation_mode"] = attr.mode
    result["//command_line_option:features"] = attr.target_features
    result["//command_line_option:extra_toolchains"] = settings["//command_line_option:extra_toolchains"]
    if attr.fixture_compiler:
        result["//command_line_option:extra_toolchains"] = [str(Label("//tests/toolchains/fixture:all"))]
    result["//command_line_option:platforms"] = [str(platform_label(attr.core, attr.isa))]
    return result

variant_transition = transition(
    implementation = _variant_transition_impl,
    inputs = ["//command_line_option:extra_toolchains"],
    outputs = _FLAGS,
)

VARIANT_ATTRS = {
    "core": attr.string(mandatory = True, doc = "The core."),
    "fixture_compiler": attr.bool(doc = "Whether to use //tests/toolchains/fixture instead of the machine's compiler."),
    "isa": attr.string(doc = "The isa; empty for the core's default."),
    "mode": attr.string(default = "fastbuild", doc = "The compilation mode."),
    "target_features": attr.string_list(doc = "Features of the C toolchain to turn on."),
    "_allowlist_function_transition": attr.label(default = "@bazel_tools//tools/allowlists/function_transition_allowlist"),
}
