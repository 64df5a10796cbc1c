# SPDX-License-Identifier: Apache-2.0
"""Files that are not whole programs."""

import random
import struct
from pathlib import Path

import pytest
import support

PROGRAM = support.TESTDATA / "tiny.pte"
REPORT = support.TESTDATA / "tiny.json"


def _program_bytes(data: bytes) -> int:
    (size,) = struct.unpack_from("<Q", data, 16)
    return size


def test_missing(refused, tmp_path):
    assert "cannot be read" in refused(tmp_path / "none.pte", report=REPORT)


def test_empty(refused, tmp_path):
    path = tmp_path / "m.pte"
    path.write_bytes(b"")
    assert f"{path}: the file is empty" in refused(path, report=REPORT)


def test_not_a_program(refused, tmp_path):
    path = tmp_path / "m.pte"
    path.write_bytes(b"PK\x03\x04 something else altogether" * 10)
    assert "not an ExecuTorch program" in refused(path, report=REPORT)


def test_another_schema(refused, tmp_path):
    path = tmp_path / "m.pte"
    data = PROGRAM.read_bytes()
    path.write_bytes(data[:4] + b"ET13" + data[8:])
    assert "schema version ET13, this compiler reads ET12" in refused(path, report=REPORT)


def test_no_extended_header(refused, tmp_path):
    path = tmp_path / "m.pte"
    data = PROGRAM.read_bytes()
    path.write_bytes(data[:8] + b"xxxx" + data[12:])
    assert "no extended header" in refused(path, report=REPORT)


@pytest.mark.parametrize("at", [8, 20, 39, 40, 64, 0.3, 0.6, 0.9, -1])
def test_cut_short(refused, tmp_path, at):
    data = PROGRAM.read_bytes()
    keep = int(len(data) * at) if isinstance(at, float) else at
    path = tmp_path / "m.pte"
    path.write_bytes(data[:keep])
    assert f"{path}: cut short" in refused(path, report=REPORT)


@pytest.mark.parametrize("at", range(8))
def test_cut_inside_the_identifier(refused, tmp_path, at):
    path = tmp_path / "m.pte"
    path.write_bytes(PROGRAM.read_bytes()[:at])
    refused(path, report=REPORT)


def test_header_of_nonsense(refused, tmp_path):
    data = bytearray(PROGRAM.read_bytes())
    path = tmp_path / "m.pte"
    struct.pack_into("<Q", data, 16, 12)
    path.write_bytes(data)
    assert "damaged" in refused(path, report=REPORT)
    data = bytearray(PROGRAM.read_bytes())
    struct.pack_into("<Q", data, 24, 64)
    path.write_bytes(data)
    assert "damaged" in refused(path, report=REPORT)
    struct.pack_into("<Q", data, 24, 2**63)
    path.write_bytes(data)
    assert "cut short" in refused(path, report=REPORT)


def test_corrupt_tables_never_crash(tmp_path: Path, capsys):
    """A changed byte is refused with a message, or it is harmless; it never is a traceback."""
    data = PROGRAM.read_bytes()
    generator = random.Random(2)
    path = tmp_path / "m.pte"
    out = tmp_path / "out"
    refusals = 0
    for _ in range(150):
        changed = bytearray(data)
        for _ in range(generator.choice([1, 1, 8])):
            changed[generator.randrange(40, _program_bytes(data))] = generator.randrange(256)
        path.write_bytes(changed)
        status = support.plan(path, out, report=REPORT)
        message = capsys.readouterr().err
        refusals += status
        assert status == 0 or (status == 1 and "way out: " in message)
    assert refusals > 50


def test_root_of_nothing(refused, tmp_path):
    data = bytearray(PROGRAM.read_bytes())
    data[40 : _program_bytes(data)] = bytes(_program_bytes(data) - 40)
    path = tmp_path / "m.pte"
    path.write_bytes(data)
    assert "damaged" in refused(path, report=REPORT)
