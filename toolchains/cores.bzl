# SPDX-License-Identifier: Apache-2.0
"""The table of Cortex-M cores: the only place where a core is described.

Constraint values, platforms, toolchains, boards and the lowering tool's targets are all generated from it.

A *variant* is a core together with the instruction set class (isa) that the code for it may rely on:

| isa    | what kernels may use                                        |
| ------ | ----------------------------------------------------------- |
| scalar | the core's plain integer and, where it has one, FP registers |
| dsp    | also the DSP extension (SMLAD, SXTB16, ...)                 |
| mve    | also the M-profile vector extension (Helium)                |

The isa decides which kernels are linked and how large their scratch buffers are. The compiler flags of a variant
agree with it: `__ARM_FEATURE_DSP` and `__ARM_FEATURE_MVE` are defined only where the isa says so, because libraries
such as CMSIS-NN choose their code, and with it the scratch they touch, by these macros.
"""

ISAS = ["scalar", "dsp", "mve"]

def _isa(mcpu, suffix = "", undefine = []):
    """One permitted isa of a core.

    Args:
      mcpu: the value of GCC's -mcpu.
      suffix: what is added to the core's name in the names of this variant's platform and toolchain.
      undefine: macros that the compiler would define but the isa denies.
    """
    return struct(mcpu = mcpu, suffix = suffix, undefine = undefine)

def _emulator(machine, core, exact = False, unaligned_trap = False):
    """Where images of a core run in QEMU.

    Args:
      machine: QEMU's name of the machine.
      core: the core that this machine has.
      exact: True where that is the very core; else it is the nearest one that executes its instruction set.
      unaligned_trap: True where start-up code must set CCR.UNALIGN_TRP so that an unaligned access faults, as it does
        on the real core.
    """
    return struct(core = core, exact = exact, machine = machine, unaligned_trap = unaligned_trap)

# The DSP instructions of these cores are not an option that -mcpu could take away; only the macros can say that
# kernels must do without.
_NO_DSP_MACROS = ["__ARM_FEATURE_DSP", "__ARM_FEATURE_SIMD32"]

# architecture      Arm's name of it.
# cpu               the constraint value under @platforms//cpu. Armv8.1-M has none of its own in platforms 0.0.10, the
#                   oldest that is supported, so the table uses armv8-m for it: what runs there selects as Armv8-M.
# fpu, float_abi    what `-mcpu` gives. Not passed as -mfpu: GCC derives it from -mcpu, and with -mfpu the vector
#                   extension would be lost. Cortex-M7 has the double-precision FPU, as the M7 of mps2-an500 and
#                   most real ones do.
# default_isa       as in ExecuTorch's Cortex-M backend.
# isas              permitted isas. `+nodsp` also takes away MVE, which contains DSP.
# executorch_target the name ExecuTorch's backend lowers for. It knows no Cortex-M52: that has the same instruction set
#                   classes as the Cortex-M55 and its scratch sizes depend on nothing else.
# minimum_gcc       the first GCC release that knows the core, the functions of arm_acle.h that the DSP kernels call
#                   (10) and the options of the MVE kernels (11); never below 8, which brought -ffile-prefix-map.
CORES = {
    "cortex-m0": struct(
        architecture = "armv6-m",
        cpu = "armv6-m",
        default_isa = "scalar",
        emulator = _emulator("microbit", core = "cortex-m0", exact = True),
        executorch_target = "cortex-m0",
        float_abi = "soft",
        fpu = "none",
        isas = {"scalar": _isa("cortex-m0")},
        minimum_gcc = "8",
    ),
    "cortex-m0plus": struct(
        architecture = "armv6-m",
        cpu = "armv6-m",
        default_isa = "scalar",
        emulator = _emulator("mps2-an385", core = "cortex-m3", unaligned_trap = True),
        executorch_target = "cortex-m0plus",
        float_abi = "soft",
        fpu = "none",
        isas = {"scalar": _isa("cortex-m0plus")},
        minimum_gcc = "8",
    ),
    "cortex-m3": struct(
        architecture = "armv7-m",
        cpu = "armv7-m",
        default_isa = "scalar",
        emulator = _emulator("mps2-an385", core = "cortex-m3", exact = True),
        executorch_target = "cortex-m3",
        float_abi = "soft",
        fpu = "none",
        isas = {"scalar": _isa("cortex-m3")},
        minimum_gcc = "8",
    ),
    "cortex-m4": struct(
        architecture = "armv7e-m",
        cpu = "armv7e-mf",
        default_isa = "dsp",
        emulator = _emulator("mps2-an386", core = "cortex-m4", exact = True),
        executorch_target = "cortex-m4",
        float_abi = "hard",
        fpu = "fpv4-sp-d16",
        isas = {
            "dsp": _isa("cortex-m4"),
            "scalar": _isa("cortex-m4", suffix = "_scalar", undefine = _NO_DSP_MACROS),
        },
        minimum_gcc = "10",
    ),
    "cortex-m7": struct(
        architecture = "armv7e-m",
        cpu = "armv7e-mf",
        default_isa = "dsp",
        emulator = _emulator("mps2-an500", core = "cortex-m7", exact = True),
        executorch_target = "cortex-m7",
        float_abi = "hard",
        fpu = "fpv5-d16",
        isas = {
            "dsp": _isa("cortex-m7"),
            "scalar": _isa("cortex-m7", suffix = "_scalar", undefine = _NO_DSP_MACROS),
        },
        minimum_gcc = "10",
    ),
    "cortex-m23": struct(
        architecture = "armv8-m.base",
        cpu = "armv8-m",
        default_isa = "scalar",
        # Its real counterpart also faults on unaligned accesses.
        emulator = _emulator("mps2-an505", core = "cortex-m33", unaligned_trap = True),
        executorch_target = "cortex-m23",
        float_abi = "soft",
        fpu = "none",
        isas = {"scalar": _isa("cortex-m23")},
        minimum_gcc = "8",
    ),
    "cortex-m33": struct(
        architecture = "armv8-m.main",
        cpu = "armv8-m",
        default_isa = "dsp",
        emulator = _emulator("mps2-an505", core = "cortex-m33", exact = True),
        executorch_target = "cortex-m33",
        float_abi = "hard",
        fpu = "fpv5-sp-d16",
        isas = {
            "dsp": _isa("cortex-m33"),
            "scalar": _isa("cortex-m33+nodsp", suffix = "_nodsp"),
        },
        minimum_gcc = "10",
    ),
    "cortex-m35p": struct(
        architecture = "armv8-m.main",
        cpu = "armv8-m",
        default_isa = "dsp",
        emulator = _emulator("mps2-an505", core = "cortex-m33"),
        executorch_target = "cortex-m35p",
        float_abi = "hard",
        fpu = "fpv5-sp-d16",
        isas = {
            "dsp": _isa("cortex-m35p"),
            "scalar": _isa("cortex-m35p+nodsp", suffix = "_nodsp"),
        },
        minimum_gcc = "10",
    ),
    "cortex-m52": struct(
        architecture = "armv8.1-m.main",
        cpu = "armv8-m",
        default_isa = "mve",
        emulator = _emulator("mps3-an547", core = "cortex-m55"),
        executorch_target = "cortex-m55",
        float_abi = "hard",
        fpu = "fp-armv8-fullfp16-d16",
        isas = {
            "dsp": _isa("cortex-m52+nomve", suffix = "_nomve"),
            "mve": _isa("cortex-m52"),
            "scalar": _isa("cortex-m52+nodsp", suffix = "_scalar"),
        },
        minimum_gcc = "14",
    ),
    "cortex-m55": struct(
        architecture = "armv8.1-m.main",
        cpu = "armv8-m",
        default_isa = "mve",
        emulator = _emulator("mps3-an547", core = "cortex-m55", exact = True),
        executorch_target = "cortex-m55",
        float_abi = "hard",
        fpu = "fp-armv8-fullfp16-d16",
        isas = {
            "dsp": _isa("cortex-m55+nomve", suffix = "_nomve"),
            "mve": _isa("cortex-m55"),
            "scalar": _isa("cortex-m55+nodsp", suffix = "_scalar"),
        },
        minimum_gcc = "11",
    ),
    "cortex-m85": struct(
        architecture = "armv8.1-m.main",
        cpu = "armv8-m",
        default_isa = "mve",
        emulator = _emulator("mps3-an547", core = "cortex-m55"),
        executorch_target = "cortex-m85",
        float_abi = "hard",
        fpu = "fp-armv8-fullfp16-d16",
        isas = {
            "dsp": _isa("cortex-m85+nomve", suffix = "_nomve"),
            "mve": _isa("cortex-m85"),
            "scalar": _isa("cortex-m85+nodsp", suffix = "_scalar"),
        },
        minimum_gcc = "13",
    ),
}

def core_name(core):
    """The name of a core as a part of target names: `cortex_m55` for `cortex-m55`."""
    return core.replace("-", "_")

def variant_problem(core, isa = None):
    """Says what is wrong with a core and isa, for rules that want to name the target in their message.

    Args:
      core: a core, for example `cortex-m55`.
      isa: an isa; the core's default isa if empty.

    Returns:
      One line that names the permitted cores or isas, or None if the pair is permitted.
    """
    if core not in CORES:
        return 'unknown core "{}"; the cores are: {}'.format(core, ", ".join(CORES.keys()))
    entry = CORES[core]
    if isa and isa not in entry.isas:
        return '{} has no isa "{}"; permitted: {}'.format(core, isa, ", ".join([
            name + (" (the default)" if name == entry.default_isa else "")
            for name in ISAS
            if name in entry.isas
        ]))
    return None

def variant(core, isa = None):
    """Looks a variant up and fails, naming what is permitted, if there is none.

    Args:
      core: a core, for example `cortex-m55`.
      isa: an isa; the core's default isa if empty.

    Returns:
      A struct of `name` (`cortex_m55_nomve`: the name of its platform and toolchain), `core`, `isa`, `mcpu`,
      `undefine` (macros the isa denies) and `is_default` (whether the isa is the core's default one). What does
      not depend on the isa is in `CORES[core]`.
    """
    problem = variant_problem(core, isa)
    if problem:
        fail(problem)
    entry = CORES[core]
    isa = isa or entry.default_isa
    return struct(
        core = core,
        is_default = isa == entry.default_isa,
        isa = isa,
        mcpu = entry.isas[isa].mcpu,
        name = core_name(core) + entry.isas[isa].suffix,
        undefine = entry.isas[isa].undefine,
    )

def variants():
    """All variants.

    Returns:
      A list of structs as `variant` returns them, in the table's order, each core's default variant first.
    """
    result = []
    for core, entry in CORES.items():
        result.append(variant(core))
        result.extend([variant(core, isa) for isa in ISAS if isa in entry.isas and isa != entry.default_isa])
    return result

def platform_label(core, isa = None):
    """The label of a variant's platform; fails as `variant` does."""
    return Label("//toolchains/platforms:" + variant(core, isa).name)

def lowering_platform_label(isa):
    """The label of the platform that models of an isa are lowered on."""
    if isa not in ISAS:
        fail('unknown isa "{}"; the isas are: {}'.format(isa, ", ".join(ISAS)))
    return Label("//toolchains/platforms:lowering_" + isa)

def core_constraint_label(core):
    """The label of a core's constraint value."""
    return Label("//toolchains/core:" + core_name(core))

def isa_constraint_label(isa):
    """The label of an isa's constraint value."""
    return Label("//toolchains/isa:" + isa)
