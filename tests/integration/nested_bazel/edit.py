# SPDX-License-Identifier: Apache-2.0
"""Edits of sources that cannot silently change nothing."""

from pathlib import Path


def replace(file: Path, old: str, new: str) -> None:
    """Puts `new` in place of `old`, which the file has once."""
    text = file.read_text()
    if (found := text.count(old)) != 1:
        raise ValueError(f"{file} has {found} times what is to be replaced: {old!r}")
    file.write_text(text.replace(old, new))


def append(file: Path, text: str) -> None:
    """Adds text to the end of a file that exists."""
    file.write_text(file.read_text() + text)
