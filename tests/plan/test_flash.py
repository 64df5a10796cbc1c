# SPDX-License-Identifier: Apache-2.0
"""What of the constants is in flash, and where the calls find it."""

import hashlib
import json
import re
import struct
from pathlib import Path

import pytest
import support
from support import Draft, convolution, identity

TINY = support.TESTDATA / "tiny.pte"
WHOLE = ("--embed", "program")


class Image:
    """What the assembler makes of a plan: the bytes at each symbol."""

    def __init__(self, folder: Path, programs: Path, name: str = "m"):
        self.listing = json.loads((folder / f"{name}_plan.json").read_text())
        self.source = (folder / f"{name}_plan.c").read_text()
        self.assembly = (folder / f"{name}_program.S").read_text()
        self.symbols: dict[str, bytes] = {}
        self.sizes = dict(re.findall(r"\.size (\w+), (\d+)", self.assembly))
        content = None
        for line in self.assembly.splitlines():
            if found := re.match(r"(\w+):$", line):
                content = self.symbols[found[1]] = bytearray()
            elif found := re.match(r'    \.incbin "([^"]+)"(?:, (\d+), (\d+))?', line):
                path = folder if found[1].endswith("_tables.bin") else programs
                data = (path / found[1]).read_bytes()
                start = int(found[2] or 0)
                content += data[start : start + int(found[3] or len(data))]
            elif ".balign 16" in line and content is not None:
                content += bytes(-len(content) % 16)
            elif found := re.match(r"    \.set (\w+), (\w+) \+ (\d+)", line):
                self.symbols[found[1]] = self.symbols[found[2]][int(found[3]) :]
            elif ".section" in line:
                content = bytearray()

    def argument(self, index: int, role: str, size: int) -> bytes:
        """What a step's constant argument points at."""
        step = self.source[self.source.index(f"_step_{index}(void) {{") :]
        call = re.search(rf"\)\((\w+) \+ (\d+)\)[,)]+;? +// {role}\n", step)
        data = self.symbols[call[1]][int(call[2]) :]
        return bytes(data[:size])


def image(draft: Draft, folder: Path, isa: str, more: tuple[str, ...] = ()) -> Image:
    out = folder / "out"
    assert support.plan(draft.write(folder, isa=isa), out, isa=isa, more=more) == 0
    return Image(out, folder)


def folded(channels: int = 4, **more) -> Draft:
    """A convolution that the folded kernel takes, with weights that count."""
    data = {
        "weight": bytes(range(channels * 12)),
        "bias": struct.pack(f"<{channels}i", *range(channels)),
        "multipliers": struct.pack(f"<{channels}i", *[1 << 30] * channels),
        "shifts": struct.pack(f"<{channels}i", *[-7] * channels),
    }
    sizes = {"weight": (channels, 3, 2, 2), "output_sizes": (1, channels, 3, 3)}
    return convolution(Draft(), data=data | more, **sizes)


def sums(channels: int, zero_point: int = 5) -> bytes:
    rows = (sum(range(12 * o, 12 * o + 12)) for o in range(channels))
    return struct.pack(f"<{channels}i", *(o + zero_point * row for o, row in enumerate(rows)))


@pytest.mark.parametrize("more", [(), WHOLE])
@pytest.mark.parametrize("isa", ["scalar", "dsp"])
def test_arguments_point_at_their_data(tmp_path, isa, more):
    made = image(folded(), tmp_path, isa, more)
    weight = bytes(range(48))
    if isa == "dsp":
        assert made.argument(0, "weight", 4) == bytes([0x80, 12, 0x82, 14])
    else:
        assert made.argument(0, "weight", 48) == weight
    assert made.argument(0, "kernel_sum", 16) == sums(4)
    assert made.argument(0, "multipliers", 16) == struct.pack("<4i", *[1 << 30] * 4)
    assert made.argument(0, "shifts", 16) == struct.pack("<4i", *[-7] * 4)
    for symbol, size in made.sizes.items():
        assert len(made.symbols[symbol]) >= int(size)


def test_what_is_replaced_costs_no_flash(tmp_path):
    """The bias is folded, the weights are packed: neither is loaded."""
    constants = image(folded(), tmp_path, "dsp").listing["constants"]
    assert constants["bytes"] == 48 + 16 + 16 + 16
    assert constants["live_bytes"] == 32
    assert [item["offset"] for item in constants["dropped"]] == [0, 48]
    assert constants["dropped_bytes"] == 64
    assert [table["bytes"] for table in constants["tables"]] == [48, 16]
    assert constants["flash_bytes"] == constants["bytes"]
    assert constants["tables"][0]["what"] == "weights in the kernel's order"
    assert constants["tables"][0]["steps"] == [{"index": 0, "part": 0}]


def test_a_program_embedded_whole_keeps_them(tmp_path):
    made = image(folded(), tmp_path, "dsp", WHOLE)
    constants = made.listing["constants"]
    assert constants["live_bytes"] == constants["bytes"] == 96
    assert constants["flash_bytes"] == 96 + 64
    assert made.symbols["m_program"] == (tmp_path / "m.pte").read_bytes()
    assert ".set m_constants, m_program + " in made.assembly
    assert ".pte.m" not in made.assembly


def test_equal_tables_are_one(tmp_path):
    draft = folded()
    draft.instructions.append(draft.instructions[0])
    draft.report_instructions.append({**draft.report_instructions[0], "index": 1})
    draft.scratches.append({**draft.scratches[0], "instruction": 1})
    tables = image(draft, tmp_path, "dsp").listing["constants"]["tables"]
    assert [[step["index"] for step in table["steps"]] for table in tables] == [[0, 1], [0, 1]]


def test_a_sum_that_is_the_bias_is_no_table(tmp_path):
    made = image(folded(weight=bytes([1, 255] * 24)), tmp_path, "scalar")
    assert made.listing["constants"]["tables"] == []
    assert made.listing["constants"]["dropped_bytes"] == 0
    assert made.argument(0, "kernel_sum", 16) == struct.pack("<4i", *range(4))
    assert "m_tables.bin" not in made.assembly


def test_constants_that_nothing_reads_are_dropped(tmp_path):
    draft = identity()
    draft.constant([40])
    draft.constant([3])
    made = image(draft, tmp_path, "mve")
    constants = made.listing["constants"]
    assert (constants["bytes"], constants["live_bytes"]) == (64, 0)
    assert constants["dropped_bytes"] == 64
    assert constants["dropped"][0] == {"index": 1, "offset": 0, "bytes": 48}
    assert "0 B of the program's 64 B of constants" in made.source


def test_equal_constants_are_one_object(tmp_path):
    """Of one model, as far as its own assembly goes; the linker does it for those of an image."""
    multipliers = struct.pack("<4i", *[-7] * 4)  # as the shifts
    made = image(folded(multipliers=multipliers), tmp_path, "scalar")
    assert made.argument(0, "shifts", 16) == made.argument(0, "multipliers", 16) == multipliers
    sizes = [int(size) for size in made.sizes.values()]
    assert sorted(sizes) == [16, 16, 48]
    assert made.listing["constants"]["live_bytes"] == 16 + 16 + 48
    assert made.assembly.count(", comdat") == 3


def test_objects_are_named_by_their_bytes(tmp_path):
    made = image(folded(), tmp_path, "scalar")
    for symbol in made.sizes:
        digest = hashlib.sha256(made.symbols[symbol]).hexdigest()
        assert symbol == f"cortex_m_constant_{digest[:32]}"


def test_the_header_has_the_bytes(tmp_path):
    out = tmp_path / "out"
    assert support.plan(TINY, out, name="tiny") == 0
    made = Image(out, TINY.parent, "tiny")
    constants = made.listing["constants"]
    assert constants["live_bytes"] % 16 == 0
    pieces = {piece["symbol"]: piece["bytes"] for piece in constants["pieces"]}
    assert sum((size + 15) // 16 * 16 for size in pieces.values()) == constants["live_bytes"]
    assert '.section .pte.tiny, "", %progbits' in made.assembly
    header = (out / "tiny.h").read_text()
    assert f"#define TINY_CONSTANT_BYTES {constants['flash_bytes']}" in header
