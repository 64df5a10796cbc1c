# SPDX-License-Identifier: Apache-2.0
"""What GCC is told for a variant. Plain functions of the table of cores; the plumbing is in features.bzl."""

load("//toolchains:cores.bzl", "CORES")

def machine_flags(variant):
    """The flags that say which machine the code is for, given to the compiler, the assembler and the linker alike.

    Args:
      variant: a struct as made by `variant()` of //toolchains:cores.bzl.
    """
    return [
        "-mcpu=" + variant.mcpu,
        "-mthumb",
        "-mfloat-abi=" + CORES[variant.core].float_abi,
    ]

def macro_flags(variant):
    """Takes away the macros that -mcpu defines but the variant's isa denies."""
    return ["-U" + macro for macro in variant.undefine]

# Every function and object in a section of its own, so that the linker can drop what is not called; one definition
# of every global; floating-point results that do not depend on what the compiler chose to fuse (they are compared
# with Python's to the last bit); no tables for unwinding, which nothing on the device would read.
COMPILE_FLAGS = [
    "-Wall",
    "-ffunction-sections",
    "-fdata-sections",
    "-fno-common",
    "-ffp-contract=off",
    "-fno-unwind-tables",
    "-fno-asynchronous-unwind-tables",
]

# Pinned, because the default differs between releases (gnu17 before GCC 15, gnu23 since); the gnu variants, because
# vendors' headers use `asm` and `typeof`.
C_FLAGS = ["-std=gnu11"]

CXX_FLAGS = [
    "-std=gnu++17",
    "-fno-exceptions",
    "-fno-rtti",
    "-fno-threadsafe-statics",
]

# -O2 in fastbuild too. Unoptimized code is several times larger and slower, so that it would not fit the small
# boards and tests in the emulator would take minutes; a build that only compiles fast is of no use for firmware.
# What fastbuild keeps over opt are the assertions.
# Not -O3: over five networks and five cores it changes the instructions by -1.7 % to +1.2 %, for up to a quarter more
# flash without weights (docs/BENCHMARKS.md).
FASTBUILD_FLAGS = ["-O2"]
OPT_FLAGS = ["-O2", "-DNDEBUG"]
DBG_FLAGS = ["-Og", "-g3"]

# The same bytes wherever and whenever it is compiled. Bazel runs compile actions with PWD=/proc/self/cwd on Linux, so that
# is what GCC would otherwise record as the folder it ran in.
PREFIX_MAP_FLAG = "-ffile-prefix-map=/proc/self/cwd=."

REPRODUCIBLE_FLAGS = [
    "-fno-canonical-system-headers",
    "-Wno-builtin-macro-redefined",
    "-D__DATE__=\"redacted\"",
    "-D__TIMESTAMP__=\"redacted\"",
    "-D__TIME__=\"redacted\"",
]

# No start files: the vector table and start-up code are the firmware's. No build id: it would be the only thing that
# changes in an image whose code did not.
LINK_FLAGS = [
    "-nostartfiles",
    "-static",
    "-Wl,--gc-sections",
    "-Wl,--build-id=none",
]
