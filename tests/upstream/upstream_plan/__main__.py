# SPDX-License-Identifier: Apache-2.0
"""`python -m upstream_plan --programs DIR ...`: the C of every program in a folder.

A program the plan compiler refuses is left out and listed with its message.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import re
import sys
import tempfile
from pathlib import Path

from cortex_m_plan.cli import main as plan

_TABLE = """\
// SPDX-License-Identifier: Apache-2.0
#include "program_test.h"

{declarations}

const cortex_m_model *const programs[] = {{
{entries}
    0,
}};
"""


def main() -> int:
    """Runs the tool; returns the exit status."""
    parser = argparse.ArgumentParser(prog="upstream_plan", description=__doc__)
    parser.add_argument("--programs", type=Path, required=True, help="folder of .pte and .json")
    parser.add_argument("--isa", required=True)
    parser.add_argument("--flatc", type=Path, required=True)
    parser.add_argument("--schema-dir", type=Path, required=True)
    parser.add_argument("--sources", type=Path, required=True, help="folder for the C")
    parser.add_argument("--assembly", type=Path, required=True, help="the embedded programs")
    parser.add_argument("--table", type=Path, required=True, help="C that lists the models")
    parser.add_argument("--constants", default="", help="section for the constants; default: flash")
    parser.add_argument("--outcome", type=Path, required=True, help="JSON: what was planned or not")
    arguments = parser.parse_args()

    planned, refused, assembly = [], {}, []
    for program in sorted(arguments.programs.glob("*.pte")):
        name = program.stem
        with tempfile.TemporaryDirectory(prefix="upstream_plan.") as folder:
            message = _plan(program, Path(folder), arguments)
            if message:
                refused[name] = message.replace(f"{program.parent}/", "")
                continue
            planned.append(name)
            assembly.append(_assembly(Path(folder), name, arguments.constants))
            for file in (f"{name}.h", f"{name}_plan.c"):
                text = (Path(folder) / file).read_text("utf-8")
                (arguments.sources / file).write_text(text, "utf-8")
    arguments.assembly.write_text("\n".join(assembly), "utf-8")
    arguments.table.write_text(_table(planned), "utf-8")
    content = {"planned": planned, "refused": refused}
    arguments.outcome.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", "utf-8")
    return 0


def _plan(program: Path, folder: Path, arguments: argparse.Namespace) -> str:
    """Makes one plan; returns the compiler's message if it refuses."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        status = plan(
            [
                f"--program={program}", f"--report={program.with_suffix('.json')}",
                f"--isa={arguments.isa}", f"--name={program.stem}", f"--flatc={arguments.flatc}",
                f"--schema-dir={arguments.schema_dir}", f"--out={folder}",
            ]
        )  # fmt: skip
    if not status:
        return ""
    lines = [line.strip() for line in said.getvalue().splitlines()]
    # The first line says what is wrong; the others where, in tensors.
    return lines[0].removeprefix("error: ")


def _assembly(folder: Path, name: str, section: str) -> str:
    """The embedded program with its tables written out, in another section than flash if told."""
    text = (folder / f"{name}_program.S").read_text("utf-8")
    tables = (folder / f"{name}_tables.bin").read_bytes()

    def written(found: re.Match) -> str:
        start, size = int(found[1]), int(found[2])
        return f".byte {', '.join(map(str, tables[start : start + size]))}"

    text = re.sub(rf'\.incbin "{name}_tables.bin", (\d+), (\d+)', written, text)
    if section:
        shared = r'\.rodata\.\w+, "aG", %progbits, \w+, comdat'
        text = re.sub(shared, f'{section}, "a", %progbits', text)
    return text


def _table(names: list[str]) -> str:
    return _TABLE.format(
        declarations="\n".join(f"extern const cortex_m_model {name}_model;" for name in names),
        entries="\n".join(f"    &{name}_model," for name in names),
    )


if __name__ == "__main__":
    sys.exit(main())
