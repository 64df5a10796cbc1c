# SPDX-License-Identifier: Apache-2.0
"""Starlark tests of the table of cores, the platforms and the toolchains."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts", "unittest")
load(
    "//toolchains:cores.bzl",
    "CORES",
    "ISAS",
    "lowering_platform_label",
    "platform_label",
    "variant",
    "variant_problem",
    "variants",
)
load("//toolchains:variant.bzl", "CortexMVariantInfo")
load(":command_lines.bzl", "CommandLinesInfo")
load(":probe.bzl", "PlatformProbeInfo")

def _table_test_impl(ctx):
    env = unittest.begin(ctx)
    asserts.equals(env, 11, len(CORES))
    asserts.equals(env, 21, len(variants()))
    names = [chosen.name for chosen in variants()]
    asserts.equals(env, len(names), len({name: None for name in names}), "two variants of the same name")
    for core, entry in CORES.items():
        asserts.true(env, entry.default_isa in entry.isas, core)
        asserts.true(env, "scalar" in entry.isas, core)
        asserts.equals(env, "hard" if entry.fpu != "none" else "soft", entry.float_abi, core)
        asserts.equals(env, core.replace("-", "_"), variant(core).name)
        asserts.equals(env, entry.emulator.exact, entry.emulator.core == core, core)
        for isa in entry.isas:
            asserts.true(env, isa in ISAS, core)
    asserts.equals(env, "cortex_m33_nodsp", platform_label("cortex-m33", "scalar").name)
    asserts.equals(env, "cortex_m55_nomve", platform_label("cortex-m55", "dsp").name)
    asserts.equals(env, "lowering_mve", lowering_platform_label("mve").name)
    asserts.equals(env, "cortex-m55", CORES["cortex-m52"].executorch_target)
    return unittest.end(env)

table_test = unittest.make(_table_test_impl)

def _problem_test_impl(ctx):
    env = unittest.begin(ctx)
    for chosen in variants():
        asserts.equals(env, None, variant_problem(chosen.core, chosen.isa))
    asserts.equals(
        env,
        'cortex-m55 has no isa "avx"; permitted: scalar, dsp, mve (the default)',
        variant_problem("cortex-m55", "avx"),
    )
    asserts.equals(
        env,
        'cortex-m0 has no isa "dsp"; permitted: scalar (the default)',
        variant_problem("cortex-m0", "dsp"),
    )
    asserts.equals(
        env,
        'unknown core "cortex-m1"; the cores are: cortex-m0, cortex-m0plus, cortex-m3, cortex-m4, cortex-m7, ' +
        "cortex-m23, cortex-m33, cortex-m35p, cortex-m52, cortex-m55, cortex-m85",
        variant_problem("cortex-m1"),
    )
    return unittest.end(env)

problem_test = unittest.make(_problem_test_impl)

def _failure_test_impl(ctx):
    env = analysistest.begin(ctx)
    asserts.expect_failure(env, ctx.attr.message)
    return analysistest.end(env)

failure_test = analysistest.make(
    _failure_test_impl,
    attrs = {"message": attr.string(mandatory = True, doc = "What the message must contain.")},
    expect_failure = True,
)

def _platform_test_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    asserts.equals(env, ctx.attr.core, target[CortexMVariantInfo].core)
    asserts.equals(env, ctx.attr.isa, target[CortexMVariantInfo].isa)
    if PlatformProbeInfo in target:
        asserts.equals(env, CORES[ctx.attr.core].cpu, target[PlatformProbeInfo].cpu)
        asserts.equals(env, "none", target[PlatformProbeInfo].os)
    return analysistest.end(env)

platform_test = analysistest.make(
    _platform_test_impl,
    attrs = {
        "core": attr.string(),
        "isa": attr.string(),
    },
)

def _flags_test_impl(ctx):
    env = analysistest.begin(ctx)
    chosen = variant(ctx.attr.core, ctx.attr.isa)
    commands = analysistest.target_under_test(env)[CommandLinesInfo].commands
    seen = {}
    for mnemonic, subject, arguments in commands:
        seen[mnemonic] = True
        if mnemonic == "CppArchive":
            continue

        # Whole lists, so that a flag of another core beside the right one is seen.
        for start, expected in [
            ("-mcpu=", ["-mcpu=" + chosen.mcpu]),
            ("-march=", []),
            ("-mfpu=", []),
            ("-mfloat-abi=", ["-mfloat-abi=" + CORES[chosen.core].float_abi]),
            ("-U", ["-U" + macro for macro in chosen.undefine] if mnemonic == "CppCompile" else []),
        ]:
            asserts.equals(env, expected, [flag for flag in arguments if flag.startswith(start)], subject)
    asserts.equals(env, ["CppArchive", "CppCompile", "CppLink"], sorted(seen.keys()))
    return analysistest.end(env)

flags_test = analysistest.make(
    _flags_test_impl,
    attrs = {
        "core": attr.string(mandatory = True),
        "isa": attr.string(mandatory = True),
    },
)
