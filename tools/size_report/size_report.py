# SPDX-License-Identifier: Apache-2.0
"""What a firmware image puts where: bytes per memory region and section, as text and JSON.

A section occupies the region of its run address; if its bytes are loaded elsewhere (`.data`),
it occupies the region of its load address too.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile


@dataclass(frozen=True)
class Region:
    """A memory of the board: name, first address and bytes."""

    name: str
    origin: int
    length: int

    @classmethod
    def parse(cls, text: str) -> "Region":
        """Reads `NAME:ORIGIN:LENGTH`, numbers in any base Python knows."""
        name, origin, length = text.split(":")
        return cls(name, int(origin, 0), int(length, 0))

    def holds(self, address: int) -> bool:
        return self.origin <= address < self.origin + self.length


def load_address(elf: ELFFile, section) -> int:
    """Address the section's bytes are loaded at, from the segment that contains it."""
    for segment in elf.iter_segments("PT_LOAD"):
        offset = section["sh_offset"] - segment["p_offset"]
        if section["sh_type"] != "SHT_NOBITS" and 0 <= offset < segment["p_filesz"]:
            return segment["p_paddr"] + offset
    return section["sh_addr"]


def measure(elf: ELFFile, regions: list[Region]) -> dict:
    """Sections and per-region totals of an image."""
    used = {region.name: 0 for region in regions}
    sections = []
    for section in elf.iter_sections():
        if not section["sh_flags"] & SH_FLAGS.SHF_ALLOC or not section["sh_size"]:
            continue
        addresses = {section["sh_addr"], load_address(elf, section)}
        homes = [r.name for r in regions if any(r.holds(address) for address in addresses)]
        for name in homes:
            used[name] += section["sh_size"]
        sections.append(
            {
                "name": section.name,
                "address": section["sh_addr"],
                "bytes": section["sh_size"],
                "regions": homes,
            }
        )
    return {
        "regions": [
            {"name": r.name, "origin": r.origin, "bytes": r.length, "used": used[r.name]}
            for r in regions
        ],
        "sections": sections,
    }


def as_text(report: dict) -> str:
    """The report as an aligned table."""
    lines = [report["image"], ""]
    for region in report["regions"]:
        share = 100 * region["used"] / region["bytes"]
        lines.append(
            f"{region['name']:<10} {region['used']:>9} of {region['bytes']:>9} bytes {share:5.1f} %"
        )
    lines += ["", f"{'section':<24} {'address':>10} {'bytes':>9}  in"]
    for section in report["sections"]:
        lines.append(
            f"{section['name']:<24} {section['address']:#010x} {section['bytes']:>9}"
            f"  {', '.join(section['regions'])}"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--elf", type=Path, required=True)
    parser.add_argument("--image", required=True, help="name to head the report with")
    parser.add_argument("--region", type=Region.parse, action="append", default=[])
    parser.add_argument("--text", type=Path, required=True)
    parser.add_argument("--json", type=Path, required=True)
    arguments = parser.parse_args()
    with arguments.elf.open("rb") as file:
        report = {"image": arguments.image} | measure(ELFFile(file), arguments.region)
    arguments.text.write_text(as_text(report))
    arguments.json.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
