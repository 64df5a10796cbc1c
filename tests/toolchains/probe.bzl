# SPDX-License-Identifier: Apache-2.0
"""Small rules that make what analysis tests look at."""

load("//toolchains:cores.bzl", "variant")
load("//toolchains:variant.bzl", "CortexMVariantInfo")
load(":transition.bzl", "VARIANT_ATTRS", "variant_transition")

PlatformProbeInfo = provider(
    doc = "What select() sees on a platform.",
    fields = {
        "cpu": "string: the value under @platforms//cpu",
        "os": "string: the value under @platforms//os",
    },
)

def _platform_probe_impl(ctx):
    return [
        PlatformProbeInfo(cpu = ctx.attr.cpu, os = ctx.attr.os),
        ctx.attr._variant[CortexMVariantInfo],
    ]

platform_probe = rule(
    implementation = _platform_probe_impl,
    attrs = {
        "cpu": attr.string(doc = "A select() on @platforms//cpu."),
        "os": attr.string(doc = "A select() on @platforms//os."),
        "_variant": attr.label(default = "//toolchains:current_variant"),
    },
    doc = "Provides what the platform is, seen both ways.",
)

def _probe_on_variant_impl(ctx):
    return [ctx.attr.probe[0][PlatformProbeInfo], ctx.attr.probe[0][CortexMVariantInfo]]

probe_on_variant = rule(
    implementation = _probe_on_variant_impl,
    attrs = dict(VARIANT_ATTRS, probe = attr.label(cfg = variant_transition, mandatory = True)),
    doc = "A platform_probe on the platform of a variant.",
)

def _probe_on_platform_impl(ctx):
    return [ctx.attr.probe[0][CortexMVariantInfo]]

def _platform_transition_impl(_settings, attr):
    return {"//command_line_option:platforms": [str(attr.platform)]}

_platform_transition = transition(
    implementation = _platform_transition_impl,
    inputs = [],
    outputs = ["//command_line_option:platforms"],
)

probe_on_platform = rule(
    implementation = _probe_on_platform_impl,
    attrs = {
        "platform": attr.label(mandatory = True),
        "probe": attr.label(cfg = _platform_transition, mandatory = True),
        "_allowlist_function_transition": VARIANT_ATTRS["_allowlist_function_transition"],
    },
    doc = "A platform_probe on any platform.",
)

def _variant_lookup_impl(ctx):
    variant(ctx.attr.core, ctx.attr.isa)
    return []

variant_lookup = rule(
    implementation = _variant_lookup_impl,
    attrs = {
        "core": attr.string(),
        "isa": attr.string(),
    },
    doc = "Looks a variant up, as a rule with attributes `core` and `isa` does.",
)
