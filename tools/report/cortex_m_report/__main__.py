# SPDX-License-Identifier: Apache-2.0
"""Writes the report of an image, a build action, or a page with the instructions of a run.

python -m cortex_m_report --image LABEL --core CORE --isa ISA --board BOARD --size NAME.size.json
    --elf ELF --map MAP [--plan NAME_plan.json ...] [--stack NAME.stack.json]
    [--profile FILE] [--html FILE] [--json FILE] [--text FILE]
python -m cortex_m_report --report NAME.report.json [--profile FILE] [--html FILE] [--json FILE] ...
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from cortex_m_report import document, text
from cortex_m_report.errors import ReportError

_FAILED = 3
_HEAD = ("image", "core", "isa", "board")
_FILES = ("size", "elf", "map")


def _read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def _of_image(arguments: argparse.Namespace) -> dict[str, Any]:
    from elftools.elf.elffile import ELFFile

    from cortex_m_report import contents, linkmap

    plans = [_read(path) for path in arguments.plan]
    pieces = linkmap.read(arguments.map.read_text("utf-8", errors="replace"))
    with arguments.elf.open("rb") as file:
        items = contents.read(ELFFile(file), pieces, plans)
    head = {name: getattr(arguments, name) for name in _HEAD}
    stack = _read(arguments.stack) if arguments.stack else None
    return document.make(head, _read(arguments.size), items, plans, stack)


def _stored(path: Path) -> dict[str, Any]:
    report = _read(path)
    if report.get("format") != document.FORMAT:
        raise ReportError(f"{path}: made by another version of rules_cortex_m: build it again")
    return report


def _write(report: dict[str, Any], arguments: argparse.Namespace) -> None:
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    if arguments.text:
        arguments.text.write_text(text.summary(report), "utf-8")
    if arguments.html:
        from cortex_m_report import page

        arguments.html.write_text(page.render(report), "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="cortex_m_report", description=__doc__.splitlines()[0])
    parser.add_argument("--report", type=Path, help="a report that was made before")
    for name in _HEAD:
        parser.add_argument(f"--{name}")
    for name in (*_FILES, "stack", "profile", "html", "json", "text"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--plan", type=Path, action="append", default=[])
    arguments = parser.parse_args()
    missing = [name for name in (*_HEAD, *_FILES) if getattr(arguments, name) is None]
    if missing and not arguments.report:
        parser.error(f"without --report it needs --{missing[0]}")
    try:
        report = _stored(arguments.report) if arguments.report else _of_image(arguments)
        if arguments.profile:
            document.add_profile(report, _read(arguments.profile))
        _write(report, arguments)
    except (ReportError, OSError) as error:
        print(f"report: {error}", file=sys.stderr)
        return _FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main())
