# SPDX-License-Identifier: Apache-2.0
"""What is in a linked image: the program it runs, and nothing of the machine that built it."""

import hashlib
import os
from pathlib import Path

import pytest
from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile

ELF = Path(os.environ["ELF"])
PTE = Path(os.environ["PTE"])
BIN = Path(os.environ["BIN"])
SIZES = Path(os.environ["SIZES"])
PREFIX = "cortex_m_constant_"


@pytest.fixture(scope="module")
def elf():
    with ELF.open("rb") as file:
        yield ELFFile(file)


def test_carries_the_whole_program_without_loading_it(elf):
    section = elf.get_section_by_name(".pte.digits")
    assert section.data() == PTE.read_bytes()
    assert not section["sh_flags"] & SH_FLAGS.SHF_ALLOC


def test_loads_the_constants_of_the_program(elf):
    """Each is where its symbol is, which is named by its bytes."""
    image = BIN.read_bytes()
    origin = min(s["p_paddr"] for s in elf.iter_segments("PT_LOAD") if s["p_filesz"])
    symbols = elf.get_section_by_name(".symtab").iter_symbols()
    constants = [symbol for symbol in symbols if symbol.name.startswith(PREFIX)]
    program, found = PTE.read_bytes(), 0
    for symbol in constants:
        assert symbol["st_value"] % 16 == 0
        start = symbol["st_value"] - origin
        data = image[start : start + symbol["st_size"]]
        assert symbol.name == PREFIX + hashlib.sha256(data).hexdigest()[:32]
        found += data in program
    assert 0 < found < len(constants)  # the others are tables made of them


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
