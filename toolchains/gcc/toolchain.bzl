# SPDX-License-Identifier: Apache-2.0
"""C toolchains made of a GCC, one for each variant.

The toolchains of this module, //toolchains/gcc:all, use the arm-none-eabi-gcc that is found on the machine. To use one
that is given as labels, for example a downloaded archive, make toolchains of your own and register them; those
of the root module are preferred to the ones here:

    # toolchains/BUILD.bazel
    load("@rules_cortex_m//toolchains/gcc:toolchain.bzl", "cortex_m_gcc_toolchains")

    cortex_m_gcc_toolchains(
        name = "arm_gnu",
        compiler_files = "@arm_gnu//:all_files",
        exec_compatible_with = ["@platforms//os:linux", "@platforms//cpu:x86_64"],
        gcc_version = "14.2.1",
        libraries = ["-lstdc++", "-lm"],
        specs = ["nano.specs"],
        tools = {
            "ar": "@arm_gnu//:bin/arm-none-eabi-ar",
            "gcc": "@arm_gnu//:bin/arm-none-eabi-gcc",
            "nm": "@arm_gnu//:bin/arm-none-eabi-nm",
            "objcopy": "@arm_gnu//:bin/arm-none-eabi-objcopy",
            "objdump": "@arm_gnu//:bin/arm-none-eabi-objdump",
            "readelf": "@arm_gnu//:bin/arm-none-eabi-readelf",
            "size": "@arm_gnu//:bin/arm-none-eabi-size",
            "strip": "@arm_gnu//:bin/arm-none-eabi-strip",
        },
    )

    # MODULE.bazel
    register_toolchains("//toolchains:all")
"""

load("@rules_cc//cc/toolchains:cc_toolchain.bzl", "cc_toolchain")
load(
    "//toolchains:cores.bzl",
    "core_constraint_label",
    "isa_constraint_label",
    "variant",
    "variants",
)
load(":config.bzl", "gcc_config")

def cortex_m_gcc_toolchain(
        name,
        core,
        tools,
        isa = None,
        compiler_files = None,
        include_directories = [],
        specs = [],
        libraries = ["-lm"],
        libc = "unknown",
        copts = [],
        linkopts = [],
        prefix_maps = {},
        canonical_prefixes = False,
        exec_prefix = "",
        gcc_version = "",
        exec_compatible_with = [],
        target_compatible_with = [],
        target_settings = [],
        problem = "",
        tags = [],
        visibility = None):
    """A C, C++ and assembler toolchain for one variant.

    Args:
      name: of the `toolchain()` to register; `<name>_cc` and `<name>_config` are made too.
      core: the core, for example `cortex-m55`.
      tools: a dict of the programs: ar, gcc, nm, objcopy, objdump, readelf, size and strip, each a label of a file or
        of an executable.
      isa: the isa; the core's default if empty.
      compiler_files: a target with everything that the programs need when they run (cc1, as, ld, headers, libraries).
        The programs themselves if None.
      include_directories: absolute folders where the compiler finds its own headers. Needed only where they are not
        among `compiler_files`.
      specs: values of GCC's --specs: `picolibc.specs`, `nano.specs`.
      libraries: linked after everything else.
      libc: a name of the C library, for information.
      copts: further flags for compiling, after all others of the toolchain: a board's Cortex-M7 that has only
        the single-precision FPU takes `-mfpu=fpv5-sp-d16` here and in linkopts.
      linkopts: further flags for linking.
      prefix_maps: a dict of absolute folders that GCC would record in debug information, and what it shall record
        instead.
      canonical_prefixes: whether GCC follows links to find its own files. It must where the programs are links to
        a compiler that is installed elsewhere, and must not where they are files of Bazel's, or it would
        find, and record, their absolute paths.
      exec_prefix: the folder, absolute and with a slash at the end (`/usr/lib/gcc/`), in which an installed GCC finds
        its own files. With it also a copy of the driver finds them, which is what a remote machine runs that
        has the same compiler installed. Leave it empty where `compiler_files` has the files.
      gcc_version: GCC's release; if given, a core that it does not know yet is refused with a clear message.
      exec_compatible_with: constraints of the machines on which the programs run.
      target_compatible_with: further constraints of the target platform, besides the variant's own.
      target_settings: as in `toolchain()`.
      problem: if not empty, why nothing can be compiled; told as soon as the toolchain is chosen.
      tags: tags of the targets.
      visibility: visibility of the targets.
    """
    chosen = variant(core, isa)
    if compiler_files == None:
        native.filegroup(
            name = name + "_files",
            srcs = {label: None for label in tools.values()}.keys(),
            tags = tags,
            visibility = ["//visibility:private"],
        )
        compiler_files = ":{}_files".format(name)
    native.filegroup(
        name = name + "_no_files",
        srcs = [],
        tags = tags,
        visibility = ["//visibility:private"],
    )
    gcc_config(
        name = name + "_config",
        canonical_prefixes = canonical_prefixes,
        copts = copts,
        core = chosen.core,
        exec_prefix = exec_prefix,
        gcc_version = gcc_version,
        include_directories = include_directories,
        isa = chosen.isa,
        libc = libc,
        libraries = libraries,
        linkopts = linkopts,
        prefix_maps = prefix_maps,
        problem = problem,
        specs = specs,
        tags = tags,
        tools = {label: tool for tool, label in tools.items()},
        visibility = ["//visibility:private"],
    )
    cc_toolchain(
        name = name + "_cc",
        all_files = compiler_files,
        ar_files = compiler_files,
        as_files = compiler_files,
        compiler_files = compiler_files,
        dwp_files = ":{}_no_files".format(name),
        linker_files = compiler_files,
        objcopy_files = compiler_files,
        strip_files = compiler_files,
        supports_header_parsing = False,
        supports_param_files = True,
        tags = tags,
        toolchain_config = ":{}_config".format(name),
        visibility = visibility,
    )
    native.toolchain(
        name = name,
        exec_compatible_with = exec_compatible_with,
        tags = tags,
        target_compatible_with = [
            core_constraint_label(chosen.core),
            isa_constraint_label(chosen.isa),
            "@platforms//os:none",
        ] + target_compatible_with,
        target_settings = target_settings,
        toolchain = ":{}_cc".format(name),
        toolchain_type = "@bazel_tools//tools/cpp:toolchain_type",
        visibility = visibility,
    )

def cortex_m_gcc_toolchains(name, **kwargs):
    """Toolchains of one GCC for all variants.

    Args:
      name: each toolchain is called `<name>_<variant>`, for example `arm_gnu_cortex_m55_nomve`.
      **kwargs: as for `cortex_m_gcc_toolchain`, without core and isa.
    """
    for chosen in variants():
        cortex_m_gcc_toolchain(
            name = "{}_{}".format(name, chosen.name),
            core = chosen.core,
            isa = chosen.isa,
            **kwargs
        )
