# SPDX-License-Identifier: Apache-2.0
"""The rule that tells Bazel how to drive GCC for one variant."""

load("@rules_cc//cc:cc_toolchain_config_lib.bzl", "action_config", "feature", "tool")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/toolchains:cc_toolchain_config_info.bzl", "CcToolchainConfigInfo")
load("//toolchains:cores.bzl", "CORES", "variant")
load(
    ":features.bzl",
    "ALL_COMPILE_ACTIONS",
    "ARCHIVE_ACTIONS",
    "LINK_ACTIONS",
    "archive_features",
    "compile_features",
    "exec_prefix_feature",
    "firmware_features",
    "flags_feature",
    "link_features",
    "reproducible_features",
    "strip_features",
)
load(":flags.bzl", "machine_flags", "macro_flags")
load(":tools.bzl", "IMAGE_TOOLS")

REQUIRED_TOOLS = ["gcc", "ar"] + IMAGE_TOOLS.keys()

def _release(version):
    return [int(part) if part.isdigit() else 0 for part in version.split(".")]

def _age_problem(core, version):
    """One line if this GCC release does not know the core, else None."""
    needed = CORES[core].minimum_gcc
    if not version or _release(version) >= _release(needed):
        return None
    return ("it needs GCC {needed} or newer and arm-none-eabi-gcc here is {version}; install a newer one " +
            "(Debian: apt-get install gcc-arm-none-eabi from a newer release; or Arm's GNU toolchain with " +
            "ARM_NONE_EABI_ROOT set to its folder)").format(
        needed = needed,
        version = version,
    )

def _executable(target):
    executable = target[DefaultInfo].files_to_run.executable
    return executable or target[DefaultInfo].files.to_list()[0]

def _gcc_config_impl(ctx):
    chosen = variant(ctx.attr.core, ctx.attr.isa)
    problem = ctx.attr.problem or _age_problem(chosen.core, ctx.attr.gcc_version)
    if problem:
        fail("nothing can be compiled for {}: {}".format(chosen.core, problem))

    tools = {name: _executable(target) for target, name in ctx.attr.tools.items()}
    missing = [name for name in REQUIRED_TOOLS if name not in tools]
    if missing:
        fail("{}: `tools` lacks {}; it has {}".format(ctx.label, ", ".join(missing), ", ".join(tools.keys())))

    actions = {name: "gcc" for name in ALL_COMPILE_ACTIONS + LINK_ACTIONS}
    actions.update({name: "ar" for name in ARCHIVE_ACTIONS})
    actions.update({action: name for name, action in IMAGE_TOOLS.items()})

    machine = machine_flags(chosen)
    machine += [] if ctx.attr.canonical_prefixes else ["-no-canonical-prefixes"]
    machine += ["--specs=" + specs for specs in ctx.attr.specs]
    features = [
        feature(name = "no_legacy_features"),
        flags_feature("machine", compile = machine + macro_flags(chosen), link = machine),
    ]
    if ctx.attr.exec_prefix:
        features.append(exec_prefix_feature(ctx.attr.exec_prefix))
    features += firmware_features()
    features += reproducible_features(ctx.attr.prefix_maps)
    features.append(flags_feature(
        "toolchain_flags",
        compile = ctx.attr.copts,
        link = ctx.attr.linkopts,
    ))
    features += compile_features()
    features += link_features(ctx.attr.libraries)
    features += archive_features()
    features += strip_features()

    return [cc_common.create_cc_toolchain_config_info(
        ctx = ctx,
        abi_libc_version = ctx.attr.libc,
        abi_version = "eabi",
        action_configs = [
            action_config(
                action_name = action,
                enabled = True,
                tools = [tool(tool = tools[name])],
            )
            for action, name in actions.items()
        ],
        compiler = "gcc",
        cxx_builtin_include_directories = ctx.attr.include_directories,
        features = features,
        host_system_name = "local",
        target_cpu = chosen.core,
        target_libc = ctx.attr.libc,
        target_system_name = "arm-none-eabi",
        toolchain_identifier = "cortex_m_gcc_" + chosen.name,
    )]

gcc_config = rule(
    implementation = _gcc_config_impl,
    attrs = {
        "canonical_prefixes": attr.bool(doc = "Whether GCC follows links to find its own files."),
        "copts": attr.string_list(doc = "Further flags for compiling."),
        "core": attr.string(mandatory = True, doc = "The core."),
        "exec_prefix": attr.string(
            doc = "Folder, absolute and with a slash at the end, in which GCC finds its own files; empty if it " +
                  "finds them beside the driver.",
        ),
        "gcc_version": attr.string(doc = "GCC's release, to tell early that it is too old for the core."),
        "include_directories": attr.string_list(doc = "Where the compiler finds its own headers."),
        "isa": attr.string(doc = "The isa; empty for the core's default."),
        "libc": attr.string(default = "unknown", doc = "A name of the C library, for information."),
        "libraries": attr.string_list(doc = "Linked after everything else."),
        "linkopts": attr.string_list(doc = "Further flags for linking."),
        "prefix_maps": attr.string_dict(doc = "Absolute folders of the compiler and what is recorded instead."),
        "problem": attr.string(doc = "If not empty, why nothing can be compiled; told when the toolchain is chosen."),
        "specs": attr.string_list(doc = "Values of --specs."),
        "tools": attr.label_keyed_string_dict(
            allow_files = True,
            cfg = "exec",
            doc = "The programs and what each one is: {}.".format(", ".join(REQUIRED_TOOLS)),
            mandatory = True,
        ),
    },
    doc = "How to drive GCC for one variant.",
    provides = [CcToolchainConfigInfo],
)
