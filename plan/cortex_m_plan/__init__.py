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
    spread      every group of tensors at an address of its own, so that nothing is in the way
    undone      copies that another copy undoes
    turned      permuted constants that are read in the order in which they lie
    fusion      instructions that another one does by the way
    elision     copies that need not be made because of where their tensors lie
    order       the instructions in the order that needs least memory
    choice      the kernel that computes a step fastest on the isa, and tables made for it
    ways        how each kernel can walk: its scratch, and how far it may overlap its input
    arena       where every tensor and the scratch of every step lies then
    packing     orders of weights
    flash       which constants and tables are loaded, and where they lie
    plan        all of that together, a `Plan`
    emit        the C, the header, the assembly and the JSON
"""

KERNEL_ABI = 4
"""The kernel interface the emitted calls are written for (CORTEX_M_KERNEL_ABI in kernels.h)."""

PROGRAM_SCHEMA = "ET12"
"""File identifier of the program schema that is read."""

PROGRAM_VERSION = 0
"""The `version` field of the programs that are read."""
