# SPDX-License-Identifier: Apache-2.0
"""Reads the core and isa of the target platform.

A rule that needs them declares an implicit attribute and looks into its provider:

    "_variant": attr.label(default = "//toolchains:current_variant", providers = [CortexMVariantInfo]),
    ...
    info = ctx.attr._variant[CortexMVariantInfo]
"""

load(":cores.bzl", "CORES", "ISAS", "core_constraint_label", "isa_constraint_label", "variant_problem")

CortexMVariantInfo = provider(
    doc = "What the target platform is.",
    fields = {
        "core": "string: the core (`cortex-m55`), or empty where the platform names none: the host and the lowering platforms",
        "isa": "string: the isa (`mve`), or empty where the platform is neither a Cortex-M nor a lowering platform",
    },
)

def _constraint_named(ctx, constraints):
    for constraint in constraints:
        if ctx.target_platform_has_constraint(constraint[platform_common.ConstraintValueInfo]):
            return constraint.label.name
    return ""

def _current_variant_impl(ctx):
    core = _constraint_named(ctx, ctx.attr._cores).replace("_", "-")
    isa = _constraint_named(ctx, ctx.attr._isas)
    if core:
        problem = variant_problem(core, isa)
        if problem:
            fail("the target platform is impossible: " + problem)
        isa = isa or CORES[core].default_isa
    return [CortexMVariantInfo(core = core, isa = isa)]

current_variant = rule(
    implementation = _current_variant_impl,
    attrs = {
        "_cores": attr.label_list(
            default = [core_constraint_label(core) for core in CORES],
            providers = [platform_common.ConstraintValueInfo],
        ),
        "_isas": attr.label_list(
            default = [isa_constraint_label(isa) for isa in ISAS],
            providers = [platform_common.ConstraintValueInfo],
        ),
    },
    doc = "Provides the CortexMVariantInfo of the target platform. Its one target is //toolchains:current_variant.",
    provides = [CortexMVariantInfo],
)
