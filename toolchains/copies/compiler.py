# SPDX-License-Identifier: Apache-2.0
"""Copies a GCC for Arm with all it needs, so that it needs nothing of the place it is installed in.

    python3.11 compiler.py PATCHELF GCC FOLDER MACHINE...

A MACHINE is the flags of one core (`-mcpu=cortex-m4 -mthumb -mfloat-abi=hard`): only libraries of
such are copied. FOLDER gets `bin`, `lib`, `libexec` and `arm-none-eabi` as GCC expects them, and in
`lib/host` the shared libraries that its programs load; the C library alone is still the machine's.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from relocate import relocate

_TARGET = "arm-none-eabi"
_TOOLS = ["ar", "gcc", "nm", "objcopy", "objdump", "readelf", "size", "strip"]
_PROGRAMS = ["cc1", "cc1plus", "collect2", "lto-wrapper", "lto1", "liblto_plugin.so"]


class Compiler:
    """An installed GCC."""

    def __init__(self, gcc: str) -> None:
        self.gcc = os.path.realpath(gcc)
        self.root = Path(self.gcc).parents[1]
        self.target = self.root / _TARGET
        self.library = Path(self.asked("-print-libgcc-file-name")).parent
        self.programs = Path(self.asked("-print-prog-name=cc1")).parent

    def asked(self, *flags: str) -> str:
        done = subprocess.run([self.gcc, *flags], check=True, capture_output=True, text=True)
        return os.path.normpath(done.stdout.strip())

    def check(self) -> None:
        for name, path in [
            ("its C library", Path(self.asked("-print-file-name=libc.a"))),
            ("its library", self.library),
            ("its programs", self.programs),
        ]:
            if not path.is_relative_to(self.root):
                raise SystemExit(f"{self.gcc}: {name}, {path}, does not lie below {self.root}")


def copy_files(source: Path, target: Path) -> None:
    """The files of a folder, without folders in it."""
    target.mkdir(parents=True, exist_ok=True)
    for file in source.iterdir():
        if file.is_file():
            shutil.copy(file, target)


def copy(compiler: Compiler, folder: Path, machines: list[str]) -> None:
    def place(path: Path) -> Path:
        return folder / path.relative_to(compiler.root)

    (folder / "bin").mkdir(exist_ok=True)
    for name in _TOOLS:
        shutil.copy(compiler.root / "bin" / f"{_TARGET}-{name}", folder / "bin")
    place(compiler.programs).mkdir(parents=True, exist_ok=True)
    for name in _PROGRAMS:
        if (compiler.programs / name).exists():
            shutil.copy(compiler.programs / name, place(compiler.programs))
    copy_files(compiler.target / "bin", place(compiler.target / "bin"))
    for headers in [
        compiler.target / "include",
        compiler.library / "include",
        compiler.library / "include-fixed",
    ]:
        if headers.exists():
            shutil.copytree(headers, place(headers), dirs_exist_ok=True)
    libraries = {compiler.asked(*flags.split(), "-print-multi-directory") for flags in machines}
    for library in [compiler.target / "lib", compiler.library]:
        for multilib in {".", *libraries}:
            if (library / multilib).exists():
                copy_files(library / multilib, place(library / multilib))


def loads_libraries(file: Path) -> bool:
    with file.open("rb") as program:
        if program.read(4) != b"\x7fELF":
            return False
    return subprocess.run(["ldd", file], capture_output=True).returncode == 0


def main(patchelf: str, gcc: str, folder: Path, machines: list[str]) -> None:
    compiler = Compiler(gcc)
    compiler.check()
    copy(compiler, folder, machines)
    copies = {}
    programs = folder / compiler.programs.relative_to(compiler.root)
    for place in [folder / "bin", folder / _TARGET / "bin", programs]:
        for file in sorted(place.iterdir()):
            original = compiler.root / file.relative_to(folder)
            if loads_libraries(original):
                copies[file] = original
    (folder / "lib" / "host").mkdir()
    relocate(patchelf, copies, folder / "lib" / "host")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4:])
