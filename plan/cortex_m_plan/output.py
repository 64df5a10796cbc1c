# SPDX-License-Identifier: Apache-2.0
"""Writing files so that either all of them are there, whole, or none is new."""

import errno
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from cortex_m_plan.errors import PlanError


def write_all(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Writes texts and bytes into temporary files, then renames them all."""
    written: dict[Path, Path] = {}
    name = ""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            handle, temporary = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
            written[Path(temporary)] = folder / name
            with os.fdopen(handle, "wb") as stream:
                stream.write(content if isinstance(content, bytes) else content.encode("utf-8"))
            os.chmod(temporary, 0o644)
        for temporary, final in written.items():
            name = final.name
            os.replace(temporary, final)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise PlanError(
            f"{folder / name}: cannot be written: {error.strerror}",
            fix="make room there" if full else "give --out a folder that can be written to",
        ) from None
    finally:
        for temporary in written:
            temporary.unlink(missing_ok=True)
