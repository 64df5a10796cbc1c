# SPDX-License-Identifier: Apache-2.0
"""Compiles an ExecuTorch program (.pte) to a flat C plan of kernel calls.

The way of the data inside the package, each stage knowing only the one before it:

    container   the bytes of the file: identifier, header, segments
    flatbuffer  its tables, as JSON (by flatc)
    decode      the tables, checked, as a `Program` (program.py)
    report      the side file: isa, versions, where each instruction came from
    versions    those of the side file beside those of this build
    operators   one `Step` per instruction: the general kernel, arguments, parameters, scratch
    memory      which bytes of the arena live when
    undone      copies that another copy undoes
    turned      permuted constants that are read in the order in which they lie
    elision     copies that need not be made because of where their tensors lie
    choice      the kernel that computes a step fastest on the isa, and tables made for it
    packing     orders of weights
    flash       which constants and tables are loaded, and where they lie
    plan        all of that together, a `Plan`
    emit        the C, the header, the assembly and the JSON
"""

KERNEL_ABI = 3
"""The kernel interface the emitted calls are written for (CORTEX_M_KERNEL_ABI in kernels.h)."""

PROGRAM_SCHEMA = "ET12"
"""File identifier of the program schema that is read."""

PROGRAM_VERSION = 0
"""The `version` field of the programs that are read."""
