# SPDX-License-Identifier: Apache-2.0
"""The packages that a lowering imports: as pip installed them and trim.py left them."""

import csv
from pathlib import Path

import torch

SITE_PACKAGES = Path(torch.__file__).parent.parent


def test_no_start_script_is_left():
    programs = list(SITE_PACKAGES.glob("bin/*"))
    assert programs
    assert not [program for program in programs if program.read_bytes()[:2] == b"#!"]


def test_nothing_to_build_extensions_with_is_left():
    assert not (SITE_PACKAGES / "torch/include").exists()
    assert not (SITE_PACKAGES / "executorch/include").exists()


def test_every_recorded_file_is_there():
    records = list(SITE_PACKAGES.glob("*.dist-info/RECORD"))
    assert records
    for record in records:
        with record.open(newline="") as file:
            paths = [row[0] for row in csv.reader(file)]
        assert paths
        assert not [path for path in paths if not (SITE_PACKAGES / path).is_file()]
