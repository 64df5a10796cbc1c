# SPDX-License-Identifier: Apache-2.0
"""Writes NAME.profile.json of a linked image: a build action.

python -m cortex_m_profile.make_image --image LABEL --core CORE --isa ISA --elf ELF
    --objdump PROGRAM [--plan NAME_plan.json ...] --out FILE
"""

import argparse
import json
import subprocess
from pathlib import Path
from typing import Any

from elftools.elf.elffile import ELFFile

from cortex_m_profile import instruction
from cortex_m_profile.image import FORMAT

# The runtime's own exception: it may come at any time, and belongs to no model.
_INTERRUPTS = ("SysTick_Handler",)


def _symbols(elf: ELFFile) -> dict[str, tuple[int, int]]:
    """First address, without the Thumb bit, and size by name; nothing if they are stripped."""
    found: dict[str, tuple[int, int]] = {}
    table = elf.get_section_by_name(".symtab")
    for symbol in table.iter_symbols() if table is not None else ():
        kind = symbol["st_info"]["type"]
        if kind in ("STT_FUNC", "STT_OBJECT") and symbol["st_shndx"] != "SHN_UNDEF":
            name = symbol.name.partition(".lto_priv")[0]  # a static function after LTO
            found[name] = (symbol["st_value"] & ~(kind == "STT_FUNC"), symbol["st_size"])
    return found


def _span(symbol: tuple[int, int]) -> list[int]:
    start, size = symbol
    return [start, start + size]


def _steps(plan: dict[str, Any], symbols: dict[str, tuple[int, int]]) -> list[dict[str, Any]]:
    """The steps of a plan that the image has a function of."""
    return [
        {
            "symbol": step["symbol"],
            "start": symbols[step["symbol"]][0],
            "operator": step["operator"].rpartition("::")[2].removesuffix(".out"),
            "kernel": step["kernel"] or "",
            "summary": step["summary"],
            "macs": step.get("macs"),
        }
        for step in plan["steps"]
        if step.get("symbol") in symbols
    ]


def _models(plans: list[dict[str, Any]], symbols: dict[str, tuple[int, int]]) -> list[Any]:
    return [
        {
            "name": plan["name"],
            "run": _span(symbols[f"{plan['name']}_run"]),
            "steps": _steps(plan, symbols),
        }
        for plan in plans
        if f"{plan['name']}_run" in symbols
    ]


def _weights(plans: list[dict[str, Any]], symbols: dict[str, tuple[int, int]]) -> int:
    """Bytes in flash that are no code of the plan: constants, tables, or the whole program.

    Models share what is equal.
    """
    named = {f"{plan['name']}_program" for plan in plans}
    for plan in plans:
        parts = plan["constants"]["pieces"] + plan["constants"]["tables"]
        named |= {part["symbol"] for part in parts}
    return sum(symbols.get(name, (0, 0))[1] for name in named)


def _code(objdump: Path, elf: Path) -> list[list[Any]]:
    listing = subprocess.run([objdump, "-d", elf], check=True, capture_output=True, text=True)
    found = map(instruction.parse, listing.stdout.splitlines())
    return [[i.address, i.bytes, i.mnemonic, i.operands] for i in found if i is not None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("image", "core", "isa"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("elf", "objdump", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--plan", type=Path, action="append", default=[])
    arguments = parser.parse_args()
    plans = [json.loads(path.read_text("utf-8")) for path in arguments.plan]
    with arguments.elf.open("rb") as file:
        elf = ELFFile(file)
        symbols = _symbols(elf)
        flash = sum(segment["p_filesz"] for segment in elf.iter_segments("PT_LOAD"))
    table = {
        "format": FORMAT,
        "image": arguments.image,
        "core": arguments.core,
        "isa": arguments.isa,
        "flash": flash,
        "weights": _weights(plans, symbols),
        "ignored": [_span(symbols[name]) for name in _INTERRUPTS if name in symbols],
        "models": _models(plans, symbols),
        "code": _code(arguments.objdump, arguments.elf),
    }
    arguments.out.write_text(json.dumps(table, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
