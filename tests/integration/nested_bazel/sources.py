# SPDX-License-Identifier: Apache-2.0
"""Copies of this repository's sources."""

import os
import tarfile
from pathlib import Path


def unpack_sources(folder: Path) -> Path:
    """Makes a folder with the sources in it; returns it."""
    with tarfile.open(os.environ["NESTED_SOURCES"]) as archive:
        archive.extractall(folder, filter="tar")
    return folder
