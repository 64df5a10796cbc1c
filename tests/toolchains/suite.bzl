# SPDX-License-Identifier: Apache-2.0
"""The tests that exist once for each variant or core."""

load("@bazel_skylib//rules:diff_test.bzl", "diff_test")
load("//toolchains:cores.bzl", "CORES", "core_name", "variant", "variants")
load(":analysis_tests.bzl", "flags_test", "platform_test")
load(":attributes.bzl", "object_attributes")
load(":command_lines.bzl", "command_lines")
load(":probe.bzl", "probe_on_variant")
load(":record.bzl", "record")
load(":text_test.bzl", "text_test")

_FPU_ATTRIBUTES = {
    "fp-armv8-fullfp16-d16": ["Tag_FP_arch: FPv5/FP-D16 for ARMv8", "Tag_ABI_VFP_args: VFP registers"],
    "fpv4-sp-d16": ["Tag_FP_arch: VFPv4-D16", "Tag_ABI_VFP_args: VFP registers", "Tag_ABI_HardFP_use: SP only"],
    "fpv5-d16": ["Tag_FP_arch: FPv5/FP-D16 for ARMv8", "Tag_ABI_VFP_args: VFP registers"],
    "fpv5-sp-d16": [
        "Tag_FP_arch: FPv5/FP-D16 for ARMv8",
        "Tag_ABI_VFP_args: VFP registers",
        "Tag_ABI_HardFP_use: SP only",
    ],
    "none": [],
}

_ARCHITECTURE_ATTRIBUTES = {
    "armv6-m": "Tag_CPU_arch: v6S-M",
    "armv7-m": "Tag_CPU_arch: v7",
    "armv7e-m": "Tag_CPU_arch: v7E-M",
    "armv8-m.base": "Tag_CPU_arch: v8-M.baseline",
    "armv8-m.main": "Tag_CPU_arch: v8-M.mainline",
    "armv8.1-m.main": "Tag_CPU_arch: v8.1-M.mainline",
}

def _expected_attributes(chosen):
    """Build attributes that the objects of a variant must have, and those they must not have."""
    core = CORES[chosen.core]
    present = [_ARCHITECTURE_ATTRIBUTES[core.architecture], "Tag_CPU_arch_profile: Microcontroller"]
    present += _FPU_ATTRIBUTES[core.fpu]
    absent = [] if core.float_abi == "hard" else ["Tag_FP_arch", "Tag_ABI_VFP_args"]

    # Before Armv8-M the attribute does not exist: DSP is part of v7E-M.
    dsp = chosen.isa in ["dsp", "mve"] and core.architecture.startswith("armv8")
    (present if dsp else absent).append("Tag_DSP_extension")
    (present if chosen.isa == "mve" else absent).append("Tag_MVE_arch")
    return present, absent

def variant_tests(name, program, library, probe):
    """Tests of each variant's platform, command lines and objects.

    Args:
      name: the start of the tests' names.
      program: a cc_binary.
      library: a cc_library.
      probe: a platform_probe.
    """
    for chosen in variants():
        start = "{}_{}".format(name, chosen.name)
        variant_attrs = {"core": chosen.core, "isa": chosen.isa}

        probe_on_variant(name = start + "_probe", probe = probe, tags = ["manual"], **variant_attrs)
        platform_test(name = start + "_platform_test", size = "small", target_under_test = start + "_probe", **variant_attrs)

        command_lines(
            name = start + "_commands",
            fixture_compiler = True,
            program = program,
            tags = ["manual"],
            **variant_attrs
        )
        flags_test(name = start + "_flags_test", size = "small", target_under_test = start + "_commands", **variant_attrs)

        object_attributes(name = start + "_attributes", library = library, **variant_attrs)
        present, absent = _expected_attributes(chosen)
        text_test(
            name = start + "_attributes_test",
            size = "small",
            absent = absent,
            files = [start + "_attributes"],
            present = present,
        )

def golden_tests(name, program):
    """One golden for each core: the command lines of a program with the core's default isa.

    Args:
      name: the start of the tests' names; `<name>_record` records the goldens anew.
      program: a cc_binary.
    """
    goldens = {}
    for core in CORES:
        start = "{}_{}".format(name, core_name(core))
        golden = "goldens/{}.txt".format(core_name(core))
        command_lines(
            name = start,
            core = core,
            fixture_compiler = True,
            isa = variant(core).isa,
            program = program,
            tags = ["manual"],
        )
        diff_test(
            name = start + "_test",
            size = "small",
            failure_message = "Flags changed. If they should: bazel run //{}:{}_record".format(
                native.package_name(),
                name,
            ),
            file1 = golden,
            file2 = start,
        )
        goldens[start] = golden
    record(name = name + "_record", goldens = goldens, tags = ["manual"])
