# SPDX-License-Identifier: Apache-2.0
"""Write several files, all or none."""

import contextlib
import os
from pathlib import Path

from cortex_m_lowering.errors import LoweringError


def prepare_folder(out: Path) -> None:
    """Make the output folder, or say why it cannot be written; called before the long work."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LoweringError(f"--out {out}: cannot make the folder: {error.strerror}") from error
    if not os.access(out, os.W_OK | os.X_OK):
        raise LoweringError(f"--out {out}: no permission to write there")


def write_all(out: Path, files: dict[str, bytes]) -> None:
    """Write every file beside its place, then rename; on failure none of them is left."""
    temporaries = {name: out / f".{name}.{os.getpid()}.tmp" for name in files}
    placed: list[Path] = []
    name = ""
    try:
        for name, data in files.items():
            temporaries[name].write_bytes(data)
        for name, temporary in temporaries.items():
            os.replace(temporary, out / name)
            placed.append(out / name)
    except OSError as error:
        for path in [*placed, *temporaries.values()]:
            with contextlib.suppress(OSError):
                path.unlink()
        raise LoweringError(
            f"--out {out}: cannot write {name}, so none of {', '.join(files)}: {error.strerror}"
        ) from error
