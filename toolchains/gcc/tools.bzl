# SPDX-License-Identifier: Apache-2.0
"""The GNU tools of the resolved toolchain beside the compiler, for rules that work on images."""

load("@rules_cc//cc:action_names.bzl", "ACTION_NAMES")
load("@rules_cc//cc:find_cc_toolchain.bzl", "find_cc_toolchain")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")

# Tools that are not part of Bazel's own C++ actions get an action name of their own; objcopy and strip have one.
IMAGE_TOOLS = {
    "nm": "cortex-m-nm",
    "objcopy": ACTION_NAMES.objcopy_embed_data,
    "objdump": "cortex-m-objdump",
    "readelf": "cortex-m-readelf",
    "size": "cortex-m-size",
    "strip": ACTION_NAMES.strip,
}

def image_tool(ctx, name):
    """Finds one of the tools that the resolved C toolchain brings.

    The rule declares `toolchains = use_cc_toolchain()` and `fragments = ["cpp"]`, and runs the tool like this:

        objcopy = image_tool(ctx, "objcopy")
        ctx.actions.run(executable = objcopy.path, tools = [objcopy.files], toolchain = CC_TOOLCHAIN_TYPE, ...)

    Args:
      ctx: the rule's context.
      name: nm, objcopy, objdump, readelf, size or strip.

    Returns:
      A struct of `path` (a string, what to run) and `files` (a depset, what it needs to run).
    """
    if name not in IMAGE_TOOLS:
        fail('unknown tool "{}"; the tools are: {}'.format(name, ", ".join(IMAGE_TOOLS.keys())))
    cc_toolchain = find_cc_toolchain(ctx)
    features = cc_common.configure_features(ctx = ctx, cc_toolchain = cc_toolchain)
    if not cc_common.action_is_enabled(feature_configuration = features, action_name = IMAGE_TOOLS[name]):
        fail("the C toolchain {} brings no {}; toolchains made with cortex_m_gcc_toolchain do".format(
            cc_toolchain.toolchain_id,
            name,
        ))
    return struct(
        files = cc_toolchain.all_files,
        path = cc_common.get_tool_for_action(feature_configuration = features, action_name = IMAGE_TOOLS[name]),
    )
