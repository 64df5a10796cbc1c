# SPDX-License-Identifier: Apache-2.0
"""Packs sources: the same files are the same archive, whenever and by whomever.

python3.11 pack_sources.py ROOT ARCHIVE ENTRY...
"""

import sys
import tarfile
from pathlib import Path

# What editors and tests leave behind.
LEFT_OUT = {"__pycache__", ".hypothesis", ".pytest_cache", ".ruff_cache"}


def without_traces(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """The member without date and owner; nothing for what is no source."""
    path = Path(member.name)
    # A workspace inside this one has convenience links of its own.
    if path.name in LEFT_OUT or (member.issym() and path.name.startswith("bazel-")):
        return None
    member.mtime = 0
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
    return member


def pack(root: Path, archive: Path, entries: list[str]) -> None:
    with tarfile.open(archive, "w") as out:
        for entry in entries:
            # tarfile adds the content of folders in the order of names.
            out.add(root / entry, arcname=entry, filter=without_traces)


if __name__ == "__main__":
    pack(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
