# SPDX-License-Identifier: Apache-2.0
"""cortex_m_board: a memory map, a console and an emulated machine."""

load("//toolchains:cores.bzl", "CORES")
load(":board_info.bzl", "CortexMBoardInfo")
load(":memory.bzl", "parse_memory", "parse_number", "parse_size")

# Value of `console` -> whether it needs console_base.
_CONSOLES = {
    "cmsdk_uart": True,
    "custom": False,
    "nrf51_uart": True,
    "semihosting": False,
}

def _check_cores(ctx):
    for core in [ctx.attr.core] + ctx.attr.nearest_cores:
        if core not in CORES:
            fail("{}: unknown core {}; the cores are {}".format(
                ctx.label,
                repr(core),
                ", ".join(CORES.keys()),
            ))

def _check_console(ctx):
    needs_base = _CONSOLES[ctx.attr.console]
    if needs_base and not ctx.attr.console_base:
        fail("{}: console {} needs console_base, the address of its registers".format(
            ctx.label,
            repr(ctx.attr.console),
        ))
    if not needs_base and ctx.attr.console_base:
        fail("{}: console {} has no registers: remove console_base".format(
            ctx.label,
            repr(ctx.attr.console),
        ))

def _check_numbers(ctx):
    if ctx.attr.systick_hz <= 0:
        fail("{}: systick_hz = {}: it is the frequency of SysTick, above 0".format(
            ctx.label,
            ctx.attr.systick_hz,
        ))

def _check_boot_block(ctx):
    for word in ctx.attr.boot_block:
        number = parse_number(word)
        if number == None or number >= 1 << 32:
            fail("{}: boot_block has {}: write words of 32 bits, e.g. \"0xffffded3\"".format(
                ctx.label,
                repr(word),
            ))

def _arena_region(ctx, memory):
    region = ctx.attr.arena_region
    permitted = [name for name in memory if name != "FLASH"]
    if region not in permitted:
        fail("{}: arena_region = {}: the board's regions for it are {}".format(
            ctx.label,
            repr(region),
            ", ".join(permitted),
        ))
    return region

def _arena_banks(ctx, memory):
    """The regions an arena is placed across, with what it may take of each, in bytes."""
    banks = {}
    for region, text in ctx.attr.arena_banks.items():
        where = "{}: arena_banks: {} = {}".format(ctx.label, region, repr(text))
        if region == "FLASH" or region not in memory:
            fail("{}: the board's regions for it are {}".format(
                where,
                ", ".join([name for name in memory if name != "FLASH"]),
            ))
        size = parse_size(text) if text else memory[region].length
        if not size:
            fail(where + ": write the bytes an arena may take, e.g. \"64K\", or nothing for the whole region")
        if size > memory[region].length:
            fail("{}: the region has {} bytes".format(where, memory[region].length))
        banks[region] = size
    return banks

def _console_binding(console):
    """Linker commands that link the console and no other."""
    if console == "custom":
        return "/* The application defines cortex_m_console_write. */\n"
    return (
        "EXTERN(cortex_m_console_{0}_write)\n" +
        "cortex_m_console_write = cortex_m_console_{0}_write;\n"
    ).format(console)

def _boot_block_lines(words):
    """Linker commands that put a boot ROM's block behind the vector table."""
    if not words:
        return ""
    return "    . = ALIGN(4);\n" + "".join(["    LONG({})\n".format(word) for word in words])

def _memory_lines(memory):
    return "".join([
        "  {} ({}) : ORIGIN = 0x{}, LENGTH = 0x{}\n".format(
            name,
            "rx" if name == "FLASH" else "rwx",
            _hex(region.origin),
            _hex(region.length),
        )
        for name, region in memory.items()
    ])

def _hex(number):
    # "%x" pads nothing: addresses read better with all their digits.
    digits = "%x" % number
    return "0" * (8 - len(digits)) + digits

_MORE_SECTION = """
  .{section} (NOLOAD) : ALIGN(16)
  {{
    *(.{section} .{section}.*)
  }} > {region} AT > {region}
"""

def _heap_start(arena_region, banks):
    if "RAM" in banks:
        return "__cortex_m_arena_bank_ram_end"
    return "__cortex_m_arena_end" if arena_region == "RAM" else "__cortex_m_bss_end"

_BANK_SECTION = """
  .arena_bank_{section} (NOLOAD) : ALIGN(16)
  {{
    *(.arena_bank.{section}.*)
    __cortex_m_arena_bank_{section}_end = .;
  }} > {region} AT > {region}
"""

def _linker_script(ctx, memory, arena_region, banks):
    more = [name for name in memory if name not in ["FLASH", "RAM"]]
    script = ctx.actions.declare_file(ctx.label.name + ".ld")
    ctx.actions.expand_template(
        template = ctx.file._template,
        output = script,
        substitutions = {
            "%{arena_banks}": "".join([
                _BANK_SECTION.format(section = region.lower(), region = region)
                for region in banks
            ]),
            "%{arena_region}": arena_region,
            "%{board}": ctx.label.name,
            "%{boot_block}": _boot_block_lines(ctx.attr.boot_block),
            "%{console_base}": ctx.attr.console_base or "0",
            "%{console_binding}": _console_binding(ctx.attr.console),
            "%{console_divisor}": str(ctx.attr.console_divisor),
            "%{heap_start}": _heap_start(arena_region, banks),
            "%{memory}": _memory_lines(memory),
            "%{more_bytes}": "".join(
                [" + SIZEOF(.arena_bank_{})".format(name.lower()) for name in banks] +
                [" + SIZEOF(.{})".format(name.lower()) for name in more],
            ),
            "%{more_sections}": "".join([
                _MORE_SECTION.format(section = name.lower(), region = name)
                for name in more
            ]),
            "%{systick_hz}": str(ctx.attr.systick_hz),
        },
    )
    return script

def _machine_args(ctx):
    """QEMU's arguments that put the board's text on standard output.

    The runner passes `chardev=console` with the semihosting options.
    """
    if _CONSOLES[ctx.attr.console]:
        console = ["-chardev", "stdio,id=console,mux=on", "-serial", "chardev:console"]
    else:
        console = ["-chardev", "stdio,id=console", "-serial", "none"]
    return console + ctx.attr.machine_args

def _board_impl(ctx):
    _check_cores(ctx)
    _check_console(ctx)
    _check_numbers(ctx)
    _check_boot_block(ctx)
    memory = parse_memory(ctx.label, ctx.attr.memory)
    arena_region = _arena_region(ctx, memory)
    banks = _arena_banks(ctx, memory)
    script = _linker_script(ctx, memory, arena_region, banks)
    return [
        DefaultInfo(files = depset([script])),
        CortexMBoardInfo(
            arena_banks = banks,
            arena_region = arena_region,
            console = ctx.attr.console,
            core = ctx.attr.core,
            cores = [ctx.attr.core] + ctx.attr.nearest_cores,
            linker_script = script,
            machine = ctx.attr.machine,
            machine_args = _machine_args(ctx),
            memory = memory,
            name = ctx.label.name,
            nearest_cores = ctx.attr.nearest_cores,
            systick_hz = ctx.attr.systick_hz,
        ),
    ]

cortex_m_board = rule(
    implementation = _board_impl,
    doc = """A board that firmware is linked for: its memory map, console and emulated machine.

Outputs: `<name>.ld`, the linker script. The stack lies at the bottom of RAM, followed by data and,
unless `arena_region` says otherwise, the arenas.

Example:
```starlark
cortex_m_board(
    name = "my_board",
    core = "cortex-m4",
    memory = {
        "FLASH": "0x08000000 1M",
        "RAM": "0x20000000 128K",
        "CCM": "0x10000000 64K",
    },
    systick_hz = 168000000,
)
```""",
    attrs = {
        "arena_banks": attr.string_dict(
            doc = "Several memories for one arena, fast first: region to the bytes that an arena may take " +
                  "of it, e.g. `64K`; empty for the whole region. cortex_m_library(board = ...) places tensors across them.",
        ),
        "arena_region": attr.string(
            default = "RAM",
            doc = "Region the arenas of models go to that are not placed across `arena_banks`.",
        ),
        "boot_block": attr.string_list(
            doc = "Words of 32 bits that the chip's boot ROM looks for at the start of flash, e.g. " +
                  "`0xffffded3`. They follow the vector table.",
        ),
        "console": attr.string(
            default = "semihosting",
            doc = "Where text goes: `semihosting` (debugger or emulator), `cmsdk_uart` (Arm's MPS boards), " +
                  "`nrf51_uart`, or `custom`: the application defines `void cortex_m_console_write(const char *)`.",
            values = sorted(_CONSOLES.keys()),
        ),
        "console_base": attr.string(doc = "Address of the UART's registers, e.g. `0x40004000`."),
        "console_divisor": attr.int(doc = "The UART's divisor: clock / baud, or the nRF51's BAUDRATE value."),
        "core": attr.string(
            doc = "The core the board has, e.g. `cortex-m4`.",
            mandatory = True,
        ),
        "machine": attr.string(doc = "QEMU's name of the machine (`-M`), if it has it."),
        "machine_args": attr.string_list(doc = "More QEMU arguments."),
        "memory": attr.string_dict(
            doc = "Regions: name to `origin length`, e.g. `0x20000000 128K`. FLASH (vectors, code and " +
                  "constants) and RAM are needed. Any other region X holds what the application puts into " +
                  "sections `.x` and `.x.*`; it is neither loaded nor cleared.",
            mandatory = True,
        ),
        "nearest_cores": attr.string_list(
            doc = "Other cores whose images the board runs, because its core executes their instruction set.",
        ),
        "systick_hz": attr.int(
            doc = "Frequency of the clock SysTick counts, the core's.",
            mandatory = True,
        ),
        "_template": attr.label(
            default = Label("//runtime:linker_script.ld.tpl"),
            allow_single_file = True,
        ),
    },
    provides = [CortexMBoardInfo],
)
