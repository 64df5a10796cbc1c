# SPDX-License-Identifier: Apache-2.0
"""Provider of a board: its memory, its emulator and its linker script."""

CortexMBoardInfo = provider(
    doc = "A board (or emulated machine) that firmware is linked for.",
    fields = {
        "arena_banks": "dict of region name to bytes: where arenas may be placed across, fast first.",
        "arena_region": "string: name of the memory region that holds the arenas.",
        "console": "string: how text leaves the board, e.g. `semihosting`.",
        "core": "string: the core the board has, e.g. `cortex-m3`.",
        "cores": "list of string: all cores whose images it runs: `core`, then `nearest_cores`.",
        "linker_script": "File: the linker script made from the memory map.",
        "machine": "string: QEMU's name of the machine; empty if QEMU lacks the board.",
        "machine_args": "list of string: QEMU arguments that belong to the board; they define the character device `console`.",
        "memory": "dict of string to struct(origin, length): memory regions, numbers in bytes.",
        "name": "string: the board's name.",
        "nearest_cores": "list of string: other cores whose instruction set the core executes.",
        "systick_hz": "int: frequency of SysTick; the emulator executes 10^9 / systick_hz instructions per tick.",
    },
)
