# SPDX-License-Identifier: Apache-2.0
"""Writes NAME.stack.json and NAME.stack.txt of a linked image: a build action.

python -m cortex_m_stack --image LABEL --elf ELF --profile NAME.profile.json [--graph FILE.ci ...]
    [--calls CALLER=CALLEE,... ...] [--recursion FUNCTION=TIMES ...] --json FILE --text FILE
"""

import argparse
import json
from pathlib import Path

from elftools.elf.elffile import ELFFile

from cortex_m_stack import call_graph, report
from cortex_m_stack.image import Image, instructions


def _calls(text: str) -> tuple[str, list[str]]:
    caller, _, callees = text.partition("=")
    return caller, [callee for callee in callees.split(",") if callee]


def _recursion(text: str) -> tuple[str, int]:
    function, _, times = text.partition("=")
    return function, int(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--image", required=True)
    for name in ("elf", "profile", "json", "text"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--graph", type=Path, action="append", default=[])
    parser.add_argument("--calls", type=_calls, action="append", default=[])
    parser.add_argument("--recursion", type=_recursion, action="append", default=[])
    arguments = parser.parse_args()
    profile = json.loads(arguments.profile.read_text("utf-8"))
    with arguments.elf.open("rb") as file:
        elf = ELFFile(file)
        image = Image(
            elf,
            instructions(profile),
            call_graph.read(arguments.graph),
            dict(arguments.calls),
        )
        table = report.make(
            arguments.image,
            image,
            dict(arguments.recursion),
            [model["name"] for model in profile["models"]],
            image.values_of("__cortex_m_stack_size"),
        )
    arguments.json.write_text(json.dumps(table, indent=1) + "\n", "utf-8")
    arguments.text.write_text(report.as_text(table), "utf-8")


if __name__ == "__main__":
    main()
