# SPDX-License-Identifier: Apache-2.0
"""Compiles generated C and assembly that embeds files by `.incbin`."""

load("@rules_cc//cc:find_cc_toolchain.bzl", "find_cc_toolchain")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")

def cc_features(ctx):
    """The C++ toolchain and its feature configuration for a target.

    Args:
      ctx: rule context of a rule with `use_cc_toolchain()` and the `cpp` fragment.

    Returns:
      (CcToolchainInfo, FeatureConfiguration).
    """
    toolchain = find_cc_toolchain(ctx)
    return toolchain, cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features,
    )

def compile_embedding(ctx, sources, header, embedded, dependencies):
    """A library of generated sources, one of which embeds files.

    Args:
      ctx: rule context of a rule with `use_cc_toolchain()` and the `cpp` fragment.
      sources: list of File, `.c` and `.S`.
      header: File; included by its name alone, wherever the package lies.
      embedded: list of File that an `.incbin` names by their base names.
      dependencies: list of CcInfo.

    Returns:
      CcInfo.
    """
    toolchain, features = cc_features(ctx)
    context, objects = cc_common.compile(
        name = ctx.label.name,
        actions = ctx.actions,
        feature_configuration = features,
        cc_toolchain = toolchain,
        srcs = sources,
        public_hdrs = [header],
        includes = [header.dirname],
        additional_inputs = embedded,
        user_compile_flags = ["-Wa,-I" + file.dirname for file in embedded],
        compilation_contexts = [info.compilation_context for info in dependencies],
    )
    linking, _ = cc_common.create_linking_context_from_compilation_outputs(
        name = ctx.label.name,
        actions = ctx.actions,
        feature_configuration = features,
        cc_toolchain = toolchain,
        compilation_outputs = objects,
        linking_contexts = [info.linking_context for info in dependencies],
        disallow_dynamic_library = True,
    )
    return CcInfo(compilation_context = context, linking_context = linking)
