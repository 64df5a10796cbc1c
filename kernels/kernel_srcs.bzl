# SPDX-License-Identifier: Apache-2.0
"""Chooses each operator's source file by the platform's ISA."""

def kernel_srcs(kernels):
    """The sources of a set of operators, one file per operator, as a select() on the ISA.

    An operator always has `src/<operator>.c`, portable C. Where an ISA has a file of its own it is
    `src/<operator>_<isa>.c`. A core with MVE has the DSP instructions too, so an operator without
    an MVE file takes its DSP file there.

    Args:
        kernels: dict, operator name to the list of ISAs ("dsp", "mve") it has files for.

    Returns:
        A value for `srcs`. A platform without an ISA constraint (the host) gets portable C.
    """
    srcs = {"scalar": [], "dsp": [], "mve": []}
    for operator, isas in kernels.items():
        for isa in isas:
            if isa not in ("dsp", "mve"):
                fail("%s: no such ISA: %s (dsp, mve)" % (operator, isa))
        scalar = "src/%s.c" % operator
        dsp = "src/%s_dsp.c" % operator if "dsp" in isas else scalar
        mve = "src/%s_mve.c" % operator if "mve" in isas else dsp
        srcs["scalar"].append(scalar)
        srcs["dsp"].append(dsp)
        srcs["mve"].append(mve)
    return select({
        "//toolchains/isa:dsp": srcs["dsp"],
        "//toolchains/isa:mve": srcs["mve"],
        "//conditions:default": srcs["scalar"],
    })
