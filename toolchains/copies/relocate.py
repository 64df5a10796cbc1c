# SPDX-License-Identifier: Apache-2.0
"""Makes copies of Linux programs find copies of their shared libraries beside them."""

import os
import re
import shutil
import subprocess
from pathlib import Path

# What every Linux for programs in C has, and what must not be mixed with another machine's.
_C_LIBRARY = re.compile(r"(ld-linux.*|lib(c|dl|m|pthread|rt|util|resolv|gcc_s|stdc\+\+))\.so\..*")


def shared_libraries(files: list[Path]) -> dict[str, Path]:
    """Name -> path of all libraries that some programs and libraries load, but the C library."""
    # ldd fails where one of the files loads nothing at all.
    done = subprocess.run(["ldd", *files], capture_output=True, text=True)
    found = re.findall(r"^\s(\S+) => (/.*) \(0x", done.stdout, re.MULTILINE)
    missing = re.findall(r"^\s(\S+) => not found", done.stdout, re.MULTILINE)
    if missing:
        raise SystemExit(f"this machine lacks {', '.join(sorted(set(missing)))}")
    return {name: Path(path) for name, path in found if not _C_LIBRARY.fullmatch(name)}


def relocate(patchelf: str, copies: dict[Path, Path], library: Path) -> None:
    """Copies what programs load into one folder, where they search for it from then on.

    Args:
        patchelf: the program that changes the search path.
        copies: copy -> original of programs and libraries, which all load something.
        library: the folder; it exists.
    """
    files = list(copies)
    for name, path in shared_libraries(list(copies.values())).items():
        files.append(Path(shutil.copy(path, library / name)))
    for file in files:
        # Not a RUNPATH, which says nothing about the libraries of a library.
        search = f"$ORIGIN/{os.path.relpath(library, file.parent)}"
        file.chmod(0o755)
        subprocess.run([patchelf, "--force-rpath", "--set-rpath", search, file], check=True)
