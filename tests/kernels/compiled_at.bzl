# SPDX-License-Identifier: Apache-2.0
"""compiled_at: a library compiled with further options, wherever it is linked in."""

load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")

_COPT = "//command_line_option:copt"

def _transition_impl(settings, attr):
    return {_COPT: settings[_COPT] + attr.copts}

_transition = transition(
    implementation = _transition_impl,
    inputs = [_COPT],
    outputs = [_COPT],
)

def _compiled_at_impl(ctx):
    return [ctx.attr.library[0][CcInfo]]

compiled_at = rule(
    doc = """Stands for `library`, compiled as `--copt` on the command line would have it.

The library's own copts come after these, as they come after the command line's.""",
    implementation = _compiled_at_impl,
    attrs = {
        "copts": attr.string_list(mandatory = True, doc = "Compiler options."),
        "library": attr.label(
            cfg = _transition,
            doc = "A cc_library.",
            mandatory = True,
            providers = [CcInfo],
        ),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
    },
)
