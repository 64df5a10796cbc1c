# SPDX-License-Identifier: Apache-2.0
"""The image of the Raspberry Pi Pico 2 example: what an RP2350's boot ROM and its memories need.

Addresses, sizes and the block are of the RP2350 datasheet, sections 2.2 and 5.9.5.1.
"""

import os
import struct
from pathlib import Path

import pytest
from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile

BIN = Path(os.environ["BIN"]).read_bytes()
FLASH = range(0x10000000, 0x10000000 + (4 << 20))
SRAM = range(0x20000000, 0x20000000 + (520 << 10))
SEARCHED_BYTES = 4096

BLOCK_START = 0xFFFFDED3
BLOCK_END = 0xAB123579
IMAGE_TYPE = 0x42
LAST_ITEM = 0xFF
EXECUTABLE, SECURE, RP2350 = 1, 2 << 4, 1 << 12  # and 0: for the Arm cores


@pytest.fixture(scope="module")
def pico2():
    with Path(os.environ["ELF"]).open("rb") as file:
        yield ELFFile(file)


@pytest.fixture(scope="module")
def emulated():
    with Path(os.environ["EMULATED"]).open("rb") as file:
        yield ELFFile(file)


def words(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def symbols(elf: ELFFile, kind: str) -> dict[str, int]:
    """Symbols of a kind, and their sizes."""
    table = elf.get_section_by_name(".symtab").iter_symbols()
    return {s.name: s["st_size"] for s in table if s["st_info"]["type"] == kind}


def test_boot_rom_finds_one_block():
    searched = words(BIN[:SEARCHED_BYTES])
    assert searched.count(BLOCK_START) == 1
    start = searched.index(BLOCK_START)
    block = searched[start : searched.index(BLOCK_END) + 1]
    marker, item, last, link, end = block
    assert (marker, end) == (BLOCK_START, BLOCK_END)
    assert (item & 0xFF, item >> 8 & 0xFF) == (IMAGE_TYPE, 1)
    assert item >> 16 == EXECUTABLE | SECURE | RP2350
    assert (last & 0xFF, last >> 8 & 0xFFFF) == (LAST_ITEM, 1)
    assert link == 0  # the loop of blocks has this one alone


def test_vector_table_is_at_the_start_of_flash(pico2):
    # Without a VECTOR_TABLE item the boot ROM takes stack and entry from there.
    stack, entry = words(BIN[:8])
    assert stack in SRAM and stack % 8 == 0
    assert entry in FLASH and entry % 2 == 1
    assert pico2.header["e_entry"] == entry


def test_fits_the_memories(pico2):
    for section in pico2.iter_sections():
        if section["sh_flags"] & SH_FLAGS.SHF_ALLOC and section["sh_size"]:
            first, last = section["sh_addr"], section["sh_addr"] + section["sh_size"] - 1
            assert any(first in home and last in home for home in (FLASH, SRAM)), section.name


def test_loads_into_flash_alone(pico2):
    loaded = [s for s in pico2.iter_segments("PT_LOAD") if s["p_filesz"]]
    assert min(s["p_paddr"] for s in loaded) == FLASH.start
    for segment in loaded:
        assert segment["p_paddr"] in FLASH
        assert segment["p_paddr"] + segment["p_filesz"] - 1 in FLASH
    assert len(BIN) <= len(FLASH)


def test_emulated_image_is_the_same_program(pico2, emulated):
    # What runs in QEMU stands for what runs on the board: they differ in addresses alone.
    assert symbols(pico2, "STT_FUNC") == symbols(emulated, "STT_FUNC")
    assert symbols(pico2, "STT_OBJECT") == symbols(emulated, "STT_OBJECT")
    name = ".pte.mlp"
    assert (
        pico2.get_section_by_name(name).data() == emulated.get_section_by_name(name).data() != b""
    )
