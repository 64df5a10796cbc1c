# SPDX-License-Identifier: Apache-2.0
"""Makes a copy of the running Python that needs nothing of the place where Python is installed.

    python3.11 interpreter.py PATCHELF FOLDER

FOLDER gets `bin/python3.11` and `lib`: the standard library, compiled, without what no build action
imports, and the shared libraries Python loads. Only the C library is still the machine's. The copy
can be moved and does not say where it was made: the same Python gives the same bytes everywhere.

Prints the date that the copy's folder is to have: it stands for the content.
"""

import ast
import hashlib
import os
import py_compile
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from relocate import relocate

_VERSION = "python{}.{}".format(*sys.version_info)
_STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))

# Folders and files of the standard library: other people's packages, tests, user interfaces, and
# what makes other environments or extension modules.
_LEFT_OUT = [
    "__pycache__",
    "config-*",
    "dist-packages",
    "ensurepip",
    "idlelib",
    "lib2to3",
    "pydoc_data",
    "site-packages",
    "sitecustomize.py",
    "test",
    "tests",
    "tkinter",
    "turtledemo",
    "venv",
    # Extension modules for a terminal, X11 or the system's data bases, with libraries of their own.
    "_crypt.*",
    "_curses*.so",
    "_dbm.*",
    "_gdbm.*",
    "_test*.so",
    "_tkinter.*",
    "nis.*",
    "ossaudiodev.*",
    "readline.*",
    "spwd.*",
    "xx*.so",
]

# 2001 and some thirty years.
_FIRST_TIME = 1_000_000_000
_TIME_SPAN = 1_000_000_000


def copy_standard_library(target: Path) -> None:
    shutil.copytree(sysconfig.get_path("stdlib"), target, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    for file in target.glob("_sysconfigdata*.py"):
        forget_places(file)


def forget_places(file: Path) -> None:
    """Leaves out of a `_sysconfigdata*.py` what has to do with the folders of one machine."""
    assignment = ast.parse(file.read_text()).body[-1]
    variables = ast.literal_eval(assignment.value)
    kept = {name: value for name, value in variables.items() if "/" not in str(value)}
    lines = "".join(f"    {name!r}: {kept[name]!r},\n" for name in sorted(kept))
    file.write_text(f"build_time_vars = {{\n{lines}}}\n")


def copy_programs(patchelf: str, folder: Path) -> None:
    """The interpreter and its libraries, which from then on find each other by relative paths."""
    original = Path(os.path.realpath(sys.executable))
    program = folder / "bin" / _VERSION
    program.parent.mkdir()
    shutil.copy(original, program)
    copies = {program: original}
    for module in sorted((folder / "lib" / _VERSION / "lib-dynload").glob("*.so")):
        copies[module] = _STANDARD_LIBRARY / "lib-dynload" / module.name
    relocate(patchelf, copies, folder / "lib")


def compile_modules(folder: Path) -> None:
    for file in sorted(folder.rglob("*.py")):
        py_compile.compile(
            str(file),
            dfile=str(file.relative_to(folder)),
            doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )


def try_out(program: Path) -> None:
    """Runs the copy, which has to find its own standard library."""
    code = "import ctypes, lzma, os, sqlite3, ssl, sys, zlib; print(os.__file__)"
    done = subprocess.run(
        [program, "-I", "-S", "-B", "-c", code], env={}, capture_output=True, text=True
    )
    if done.returncode or Path(done.stdout.strip()).parents[2] != program.parents[1].resolve():
        raise SystemExit(
            f"interpreter.py: the copy of {sys.executable} does not work:\n"
            f"{done.stdout}{done.stderr}"
        )


def date(folder: Path) -> int:
    """A date that is another one when the content is."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{file.relative_to(folder)}\0{file.stat().st_mode:o}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return _FIRST_TIME + int.from_bytes(digest.digest()[:8]) % _TIME_SPAN


def main(patchelf: str, folder: Path) -> None:
    copy_standard_library(folder / "lib" / _VERSION)
    copy_programs(patchelf, folder)
    compile_modules(folder / "lib" / _VERSION)
    try_out(folder / "bin" / _VERSION)
    print(date(folder))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
