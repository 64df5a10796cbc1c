# SPDX-License-Identifier: Apache-2.0
"""Everything a build wrote, kept to be compared with another build's."""

import difflib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile

from nested_bazel.result import Result

# Each output a user can ask a firmware for.
EVERY_GROUP = "--output_groups=default,accuracy,bin,elf,hex,linkmap,pte,report,vectors"

_LINES = 12
_BYTES = 16

# Written for this machine alone, with the folder in them: what `bazel run` and tests start from.
_OF_THIS_FOLDER = (".runfiles_manifest", "MANIFEST")


@dataclass(frozen=True)
class Outputs:
    """Files by their path below `bazel-out`."""

    files: dict[str, Path]

    @classmethod
    def of(cls, result: Result, keep: Path) -> "Outputs":
        """All outputs that lie in the output tree of a build, intermediate ones too.

        Args:
            result: the build.
            keep: a new folder on the same file system, where they outlive the next build.
        """
        some = next(iter(result.files.values()))
        (root,) = [parent for parent in some.parents if parent.name == "bazel-out"]
        files = {}
        for path in root.glob("*/bin/**/*"):
            if ".runfiles" in str(path.parent) or path.name.endswith(_OF_THIS_FOLDER):
                continue
            if path.is_file():
                name = str(path.relative_to(root))
                files[name] = keep / name
                files[name].parent.mkdir(parents=True, exist_ok=True)
                os.link(path.resolve(), files[name])
        return cls(files)

    def kinds(self) -> set[str]:
        """The suffixes of the files."""
        return {path.suffix for path in self.files.values()}

    def differences(
        self, other: "Outputs", read: Callable[[Path], bytes] = Path.read_bytes
    ) -> list[str]:
        """What differs, each with the place of the first difference.

        Args:
            other: another build's.
            read: what of a file is compared.
        """
        found = [f"{name}: only in one build" for name in sorted(self.files.keys() ^ other.files)]
        for name in sorted(self.files.keys() & other.files):
            if read(self.files[name]) != read(other.files[name]):
                found.append(f"{name}:\n{describe(self.files[name], other.files[name])}")
        return found


def describe(first: Path, second: Path) -> str:
    """Where two files differ: lines of texts, sections of ELF files, else bytes."""
    try:
        texts = [path.read_text().splitlines() for path in (first, second)]
    except UnicodeDecodeError:
        return "\n".join([*_sections(first, second), _first_bytes(first, second)])
    lines = list(difflib.unified_diff(*texts, "first", "second", lineterm="", n=1))
    return "\n".join(line[:200] for line in lines[:_LINES])


def _sections(first: Path, second: Path) -> list[str]:
    """The sections that differ, if both are ELF files."""
    contents = []
    for path in (first, second):
        try:
            with path.open("rb") as file:
                contents.append({s.name: s.data() for s in ELFFile(file).iter_sections()})
        except ELFError:
            return []
    one, two = contents
    return [
        f"section {name} differs ({len(one.get(name, b''))} and {len(two.get(name, b''))} bytes)"
        for name in sorted(one.keys() | two)
        if one.get(name) != two.get(name)
    ]


def _first_bytes(first: Path, second: Path) -> str:
    one, two = first.read_bytes(), second.read_bytes()
    pairs = enumerate(zip(one, two, strict=False))
    at = next((index for index, (a, b) in pairs if a != b), min(len(one), len(two)))
    parts = [content[at : at + _BYTES].hex(" ") or "(its end)" for content in (one, two)]
    return f"byte {at:#x}: {parts[0]}\n     instead: {parts[1]}"
