# SPDX-License-Identifier: Apache-2.0
"""Provider of a linked firmware image."""

CortexMFirmwareInfo = provider(
    doc = "A firmware image for one core and board.",
    fields = {
        "bin": "File: raw image, from the first loaded byte of flash.",
        "board": "CortexMBoardInfo of the board it is linked for.",
        "boot": "runfiles: what running the image needs, without what `--profile` needs besides.",
        "core": "string: name of the core, e.g. `cortex-m55`.",
        "elf": "File: the linked image with symbols.",
        "hex": "File: Intel HEX image.",
        "isa": "string: ISA of the kernels linked in.",
        "libraries": "list of CortexMLibraryInfo: the models linked in.",
        "linkmap": "File: the linker's map.",
        "profile": "File: addresses of models, steps and instructions, for the profile, JSON.",
        "report": "File: sizes per memory region and section, JSON.",
        "stack": "File: the stack at worst, JSON (tools/stack).",
        "stack_bytes": "int: bytes reserved for the stack.",
    },
)
