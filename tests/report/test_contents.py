# SPDX-License-Identifier: Apache-2.0
"""What lies where: the linker's map joined with the image's symbols."""

from itertools import pairwise
from types import SimpleNamespace

import pytest
import support
from cortex_m_report import contents, groups, linkmap

_MAP = """\
Discarded input sections

 .text.unused   0x00000000       0x10 bin/kernels/libkernels.a(unused.o)

Linker script and memory map

LOAD bin/kernels/libkernels.a

.vectors        0x00000000        0x8
 *(.vectors.core)
 .vectors.core  0x00000000        0x8 bin/runtime/libruntime.a(vectors.o)
                0x00000000                cortex_m_vectors

.text           0x00000008       0x40
 *(.text .text.*)
 .text.m_step_0
                0x00000008       0x10 bin/models/libm.library.a(m_plan.o)
 .text.cortex_m_quantized_conv2d_1x1
                0x00000018       0x12 bin/external/rules+/kernels/libkernels.a(conv2d_1x1.o)
                0x00000018                cortex_m_quantized_conv2d_1x1
 *fill*         0x0000002a        0x2 
 .text.main     0x0000002c        0xc bin/app/_objs/app/main.o
 .rodata.str1.4
                0x00000038        0x8 bin/app/_objs/app/main.o
                                 0x10 (size before relaxing)
 .text          0x00000040        0x8 /usr/lib/thumb/v8-m.main/libc.a(libc_string_memcpy.c.o)

.debug_line     0x00000000      0x100
 .debug_line    0x00000000      0x100 bin/app/_objs/app/main.o
"""

_SYMBOLS = [
    ("cortex_m_vectors", "STT_OBJECT", 0, 8),
    ("m_step_0", "STT_FUNC", 0x9, 0x10),
    ("cortex_m_quantized_conv2d_1x1", "STT_FUNC", 0x19, 0x12),
    ("main", "STT_FUNC", 0x2D, 0xC),
    ("also_main", "STT_FUNC", 0x2D, 0xC),
    ("memcpy.lto_priv.0", "STT_FUNC", 0x41, 0x8),
    ("absent", "STT_NOTYPE", 0x41, 0),
]


class _Section(dict):
    name = ""


def _section(name, address, size, kind="SHT_PROGBITS", flags=2):
    section = _Section(sh_addr=address, sh_size=size, sh_type=kind, sh_flags=flags)
    section.name = name
    return section


class _Elf:
    """As much of an ELF file as is read."""

    def iter_sections(self):
        return [
            _section(".vectors", 0, 8),
            _section(".text", 8, 0x40),
            _section(".debug_line", 0, 0x100, flags=0),
            _section(".bss", 0x20000000, 4, kind="SHT_NOBITS"),
        ]

    def get_section_by_name(self, name):
        assert name == ".symtab"
        symbols = [
            {"st_info": {"type": kind}, "st_value": value, "st_size": size, "st_shndx": 1}
            for _, kind, value, size in _SYMBOLS
        ]
        named = []
        for (name, *_), fields in zip(_SYMBOLS, symbols, strict=True):
            symbol = _Section(fields)
            symbol.name = name
            named.append(symbol)
        return SimpleNamespace(iter_symbols=lambda: named)


@pytest.fixture(scope="module")
def items():
    return contents.read(_Elf(), linkmap.read(_MAP), [support.plan()])


def found(items, name):
    (item,) = (item for item in items if item.name == name)
    return item


def test_every_byte_once(items):
    assert sum(item.bytes for item in items) == 8 + 0x40 + 4
    ends = [(item.address, item.address + item.bytes) for item in items if item.loaded]
    assert all(end == start for (_, end), (start, _) in pairwise(ends))


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("cortex_m_vectors", groups.RUNTIME),
        ("m_step_0", groups.PLAN),
        ("cortex_m_quantized_conv2d_1x1", groups.KERNELS),
        ("also_main", groups.APPLICATION),
        (".rodata.str1.4", groups.APPLICATION),
        ("memcpy", groups.LIBRARIES),
    ],
)
def test_belongs_to(items, name, group):
    assert found(items, name).owner.group == group


def test_names_the_object(items):
    assert found(items, "cortex_m_quantized_conv2d_1x1").object == "conv2d_1x1.o"
    assert found(items, "also_main").object == "main.o"


def test_of_two_names_of_one_function_one_is_counted(items):
    assert not [item for item in items if item.name == "main"]


def test_gaps_are_padding(items):
    padding = [item for item in items if item.owner.group == groups.PADDING and item.loaded]
    assert [(item.address, item.bytes) for item in padding] == [(0x2A, 2)]


def test_sections_without_an_address_are_left_out(items):
    assert {item.section for item in items} == {".vectors", ".text", ".bss"}


def test_tables_are_described_by_who_reads_them():
    owner = groups.owners([support.plan()])["cortex_m_constant_fedcba9876543210"]
    assert (owner.group, owner.model) == (groups.TABLES, "m")
    assert owner.what == "kernel sums: cortex_m_quantized_conv2d_default_0"


def test_what_models_share_belongs_to_the_first():
    owners = groups.owners([support.plan("one"), support.plan("two")])
    assert owners["cortex_m_constant_0123456789abcdef"].model == "one"
    assert owners["two_step_0"].model == "two"


def test_every_group_has_a_colour():
    from cortex_m_report import pictures

    assert list(pictures.GROUP_COLOURS) == list(groups.MEANING)
