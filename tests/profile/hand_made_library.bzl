# SPDX-License-Identifier: Apache-2.0
"""hand_made_library: stands in for a cortex_m_library, its plan written by hand."""

load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load("//rules:providers.bzl", "CortexMLibraryInfo", "CortexMModelInfo")

def _hand_made_library_impl(ctx):
    return [
        CcInfo(),
        CortexMLibraryInfo(
            arena = "",
            banks = {},
            header = None,
            model = CortexMModelInfo(
                float_report = ctx.file.plan,
                has_data_set = False,
                isa = "",
                layers = None,
                program = ctx.file.plan,
                report = ctx.file.plan,
                vectors = None,
            ),
            name = ctx.attr.c_name,
            plan = ctx.file.plan,
        ),
    ]

hand_made_library = rule(
    implementation = _hand_made_library_impl,
    attrs = {
        "c_name": attr.string(doc = "C prefix of the symbols.", mandatory = True),
        "plan": attr.label(allow_single_file = [".json"], doc = "The plan.", mandatory = True),
    },
    doc = "A plan without a model, for firmware whose own sources hold its functions.",
    provides = [CcInfo, CortexMLibraryInfo],
)
