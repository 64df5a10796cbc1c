# SPDX-License-Identifier: Apache-2.0
"""The tables of a .pte as JSON, by way of flatc and ExecuTorch's own schema."""

import json
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from cortex_m_plan.container import Container
from cortex_m_plan.errors import PlanError

_SCHEMA = "program.fbs"
_INCLUDED = "scalar_type.fbs"
_SECONDS = 60

# flatc prints a double with twelve digits, too few to keep a scale bit-exact. Read as an
# unsigned integer, which has the same eight bytes in the buffer, nothing is lost.
_DOUBLES = (
    (re.compile(r"(\bdouble_val\s*:\s*)double\b"), r"\1ulong"),
    (re.compile(r"(\btable\s+DoubleList\s*\{\s*items\s*:\s*)\[\s*double\s*\]"), r"\1[ulong]"),
)


def tables(container: Container, flatc: Path, schema_dir: Path) -> dict[str, Any]:
    """Returns the program's tables; every double in them is the integer with its bits."""
    with tempfile.TemporaryDirectory(prefix="cortex_m_plan.") as name:
        work = Path(name)
        _write_schema(schema_dir, work)
        (work / "program.bin").write_bytes(container.flatbuffer)
        _run(container, flatc, work)
        try:
            parsed = json.loads((work / "program.json").read_text("utf-8"))
        except (OSError, ValueError):
            raise container.damaged("its tables cannot be followed") from None
    if not isinstance(parsed, dict):
        raise container.damaged("its tables have no root")
    return parsed


def _write_schema(schema_dir: Path, work: Path) -> None:
    fix = "give --schema-dir the folder executorch/exir/_serialize of the executorch wheel"
    try:
        schema = (schema_dir / _SCHEMA).read_text("utf-8")
        included = (schema_dir / _INCLUDED).read_text("utf-8")
    except (OSError, ValueError) as error:
        raise PlanError(f"{schema_dir}: no program schema: {error}", fix=fix) from None
    for pattern, replacement in _DOUBLES:
        schema, changes = pattern.subn(replacement, schema)
        if changes != 1:
            raise PlanError(
                f"{schema_dir / _SCHEMA}: not the schema this compiler knows: "
                f"{changes} places match {pattern.pattern}",
                fix=fix,
            )
    (work / _SCHEMA).write_text(schema, "utf-8")
    (work / _INCLUDED).write_text(included, "utf-8")


def _run(container: Container, flatc: Path, work: Path) -> None:
    command = [str(flatc.absolute()), "--json", "--strict-json", "--defaults-json"]
    try:
        # flatc does not verify what it prints: on a damaged file it may well crash.
        done = subprocess.run(
            [*command, _SCHEMA, "--", "program.bin"],
            cwd=work,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except OSError as error:
        raise PlanError(
            f"{flatc}: cannot be run: {error.strerror}",
            fix="give --flatc the program of that name (executorch/data/bin/flatc in the wheel)",
        ) from None
    except subprocess.TimeoutExpired:
        raise container.damaged(f"its tables could not be read in {_SECONDS} s") from None
    if done.returncode != 0:
        said = (done.stderr + done.stdout).decode("utf-8", "replace").strip().splitlines()
        reason = f" (flatc: {said[-1].strip()})" if done.returncode > 0 and said else ""
        raise container.damaged(f"its tables cannot be followed{reason}")
