# SPDX-License-Identifier: Apache-2.0
"""The copy of Python that actions run, here a copy of the copy that runs this test."""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

# All that a copy may take from the machine it runs on.
MACHINE = re.compile(r"(ld-linux.*|lib(c|dl|m|pthread|rt|util|resolv|gcc_s|stdc\+\+))[.-].*")


def make(folder: Path) -> Path:
    folder.mkdir(parents=True)
    copier = [sys.executable, "-E", "-s", "-B", os.environ["COPIER"]]
    patchelf = os.path.realpath(os.environ["PATCHELF"])
    subprocess.run([*copier, patchelf, folder], check=True, capture_output=True)
    return folder


def run(folder: Path, code: str) -> list[str]:
    """What the copy prints, with nothing of this process's environment."""
    command = [folder / "bin" / "python3.11", "-S", "-s", "-B", "-c", code]
    done = subprocess.run(command, env={}, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


def content(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


@pytest.fixture(scope="module")
def moved(tmp_path_factory) -> Path:
    """A copy that was made elsewhere."""
    folder = make(tmp_path_factory.mktemp("made") / "here")
    return folder.rename(tmp_path_factory.mktemp("moved") / "a folder")


def test_moves(moved):
    paths = run(moved, "import sys; print(sys.prefix, sys.exec_prefix, *sys.path[1:], sep='\\n')")
    assert all(Path(path).is_relative_to(moved) for path in paths)


def test_loads_only_its_own_libraries(moved):
    code = """
import bz2, ctypes, decimal, hashlib, lzma, socket, sqlite3, ssl, uuid, zlib
for line in open("/proc/self/maps"):
    if ".so" in line:
        print(line.split(maxsplit=5)[5].strip())
"""
    loaded = {Path(line) for line in run(moved, code)}
    assert any(path.is_relative_to(moved) for path in loaded)
    foreign = [path for path in loaded if not path.is_relative_to(moved)]
    assert [path for path in foreign if not MACHINE.fullmatch(path.name)] == []


def test_same_bytes_in_another_folder(moved, tmp_path):
    assert content(make(tmp_path / "quite" / "another")) == content(moved)


def test_modules_are_compiled(moved):
    modules = [path for path in (moved / "lib/python3.11").rglob("*.py")]
    assert modules
    for module in modules:
        compiled = module.parent / "__pycache__" / f"{module.stem}.cpython-311.pyc"
        # Flags of PEP 552: by hash, and not compared with the source.
        assert compiled.read_bytes()[4:8] == b"\1\0\0\0", module


def test_no_record_of_the_place(moved):
    (record,) = (moved / "lib/python3.11").glob("_sysconfigdata*.py")
    assert "/" not in record.read_text()
