# SPDX-License-Identifier: Apache-2.0
"""Chooses the kernels' source files by the platform's ISA."""

def kernel_srcs(general, scalar, dsp, mve):
    """The source files for an ISA: its own ones, and the general ones it does not replace.

    A C file in `src/<isa>/` replaces the one of the same name in `src/`.

    Args:
        general: files in src/, for every ISA.
        scalar: files in src/scalar/, for Armv6-M, and Armv7-M or Armv8-M without DSP.
        dsp: files in src/dsp/, for cores with the DSP extension.
        mve: files in src/mve/, for cores with MVE.

    Returns:
        A value for `srcs`. A platform without an ISA constraint (the host) gets the scalar files,
        which are portable C there.
    """
    return select({
        "//toolchains/isa:dsp": _replaced(general, dsp),
        "//toolchains/isa:mve": _replaced(general, mve),
        "//conditions:default": _replaced(general, scalar),
    })

def _replaced(general, own):
    names = [_name(file) for file in own if file.endswith(".c")]
    return own + [file for file in general if _name(file) not in names]

def _name(file):
    return file.rpartition("/")[2]
