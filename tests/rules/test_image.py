# SPDX-License-Identifier: Apache-2.0
"""What is in a linked image: the program it runs, and nothing of the machine that built it."""

import os
from pathlib import Path

import pytest
from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile

ELF = Path(os.environ["ELF"])
PTE = Path(os.environ["PTE"])
BIN = Path(os.environ["BIN"])
SIZES = Path(os.environ["SIZES"])


@pytest.fixture(scope="module")
def elf():
    with ELF.open("rb") as file:
        yield ELFFile(file)


def symbol(elf: ELFFile, name: str) -> int:
    return elf.get_section_by_name(".symtab").get_symbol_by_name(name)[0]["st_value"]


def test_carries_the_whole_program_without_loading_it(elf):
    section = elf.get_section_by_name(".pte.digits")
    assert section.data() == PTE.read_bytes()
    assert not section["sh_flags"] & SH_FLAGS.SHF_ALLOC


def test_loads_the_constants_of_the_program(elf):
    address = symbol(elf, "digits_constants")
    assert address % 16 == 0
    image = BIN.read_bytes()
    origin = min(s["p_paddr"] for s in elf.iter_segments("PT_LOAD") if s["p_filesz"])
    start = image[address - origin : address - origin + 64]
    assert len(start) == 64
    assert start in PTE.read_bytes()


def test_names_no_folder_of_the_build(elf):
    content = ELF.read_bytes()
    for folder in [b"/execroot/", b"/sandbox/", str(Path.home()).encode() + b"/"]:
        assert folder not in content


def test_size_report_agrees_with_the_image():
    report = dict(
        (line.split()[0], int(line.split()[1]))
        for line in SIZES.read_text().splitlines()
        if line.startswith(("FLASH", "RAM"))
    )
    assert report["FLASH"] == pytest.approx(BIN.stat().st_size, abs=64)  # alignment gaps
    assert 0 < report["RAM"] <= 16 * 1024
