# SPDX-License-Identifier: Apache-2.0
"""What budgets say of an image, and what is said of one that does not fit its board."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cortex_m_budget import fit, peak, table, usage
from cortex_m_budget.usage import Row, Usage

FLASH = Usage("flash", 1000, (Row("weights of net", 700), Row("kernels", 300)))
STACK = Usage("stack", 400, (Row("main", 400),))


def test_an_image_within_its_budgets():
    text = table.as_text("//a:b", {"flash": FLASH}, {"flash": 1000})
    assert text.startswith("//a:b keeps its budgets\n")
    assert "flash                           1000      1000         -" in text


def test_a_broken_budget_shows_by_how_much_and_what_took_it():
    text = table.as_text("//a:b", {"flash": FLASH, "stack": STACK}, {"flash": 900}, ["a note"])
    assert text.startswith("//a:b is over its budget\n")
    assert "flash                           1000       900       100" in text
    assert "         700  weights of net" in text
    assert "main" not in text  # its budget is not broken
    assert text.endswith("a note\n")


def test_a_stack_that_is_not_known_breaks_its_budget():
    unknown = Usage("stack", 400, (), ("walk may call itself",))
    assert not table.holds(unknown, 4000)
    text = table.as_text("//a:b", {"stack": unknown}, {"stack": 4000})
    assert text.startswith("//a:b cannot show that it keeps its budget\n")
    assert "not known: walk may call itself" in text


def buffer(name: str, size: int, dtype: str = "int8", kind: str = "activation", number: int = 0):
    return {
        "id": number,
        "name": name,
        "bytes": size,
        "dtype": dtype,
        "kind": kind,
        "offset": 0,
        "shape": [1, size],
    }


def plan(name: str, size: int, buffers: list, region: str | None = None, float_io: bool = False):
    end = {"id": 90, "dtype": "float32" if float_io else "int8"}
    return {
        "name": name,
        "arena": {
            "bytes": size,
            "bound": size - 8,
            "proved": False,
            "peak": {"moment": 1, "buffers": list(range(len(buffers)))},
            "banks": [{"region": region, "bytes": size, "capacity": None}],
        },
        "memory": buffers,
        "steps": [{"node": "conv_1", "moment": 1}],
        "inputs": [end],
        "outputs": [end],
    }


CONV = plan("net", 3000, [buffer("conv", 2000), buffer("scratch of conv_1", 1000, kind="scratch")])
REGIONS = {"FLASH": 1 << 20, "RAM": 4096}


def test_what_fits_is_listed():
    report, problems = fit.check("board", REGIONS, "RAM", 1024, [CONV], [""])
    assert problems == []
    assert "RAM: 4024 of 4096 bytes before data" in report


def test_what_does_not_fit_names_tensors_and_ways_out():
    report, problems = fit.check("board", REGIONS, "RAM", 2048, [CONV], [""])
    text = "\n".join(report)
    assert problems == [
        "RAM of board board has 4096 bytes; the arenas and the stack in it take 5048, 952 too many"
    ]
    assert "at its peak, during conv_1:" in text
    assert "      2000  conv (activation, int8 1x2000)" in text
    assert "      1000  scratch of conv_1" in text
    assert "another board: 3000 bytes are needed for arenas alone" in text
    assert "io =" not in text
    assert "a smaller stack_bytes (2048)" in text
    assert "overlap" not in text


def test_tensors_that_overlap_are_said_to():
    tight = plan("net", 2000, [buffer("conv", 2000), buffer("relu", 1500)])
    assert "  some of them overlap: kernels write over what they have read" in peak.describe(tight)


def test_float_inputs_are_told():
    image = buffer("input", 4000, "float32", kind="input", number=90)
    advice = peak.advice([plan("net", 4000, [image], float_io=True)], [""])
    assert (
        'net: cortex_m_model(io = "int8") removes float32: 3000 of the bytes at the peak' in advice
    )
    assert "net: a smaller input; it is the largest tensor of the peak" in advice


@pytest.mark.parametrize(
    ("more", "hint"),
    [
        (
            {"CCM": 8192},
            'CCM of the same board has 8192 bytes: cortex_m_board(arena_region = "CCM")',
        ),
        ({"CCM": 2048}, 'arena_banks = {"RAM": "", "CCM": ""}'),
    ],
)
def test_other_memories_of_the_board(more, hint):
    report, problems = fit.check("board", REGIONS | more, "RAM", 2048, [CONV], [""])
    assert problems
    assert hint in "\n".join(report)


def test_models_that_share_an_arena_count_once():
    other = plan("other", 2500, [buffer("linear", 2500)])
    shared = fit.arenas([CONV, other], ["both", "both"], "RAM")
    assert shared == [("RAM", "net and other", 3000)]
    apart = fit.arenas([CONV, other], ["", ""], "RAM")
    assert sum(size for _, _, size in apart) == 5500
    report, problems = fit.check("board", REGIONS, "RAM", 1024, [CONV, other], ["", ""])
    assert problems
    assert 'cortex_m_library(arena = "NAME")' in "\n".join(report)


def test_banks_count_where_they_lie():
    banked = plan("net", 3000, [buffer("conv", 3000)], region="CCM")
    _, problems = fit.check("board", REGIONS | {"CCM": 2048}, "RAM", 1024, [banked], [""])
    assert problems[0].startswith("CCM of board board has 2048 bytes")


ELF = Path(os.environ["ELF"])


def check(tmp_path: Path, *options: str) -> subprocess.CompletedProcess:
    """The tool on a linked image."""
    return subprocess.run(
        [
            *(sys.executable, "-S", "-s", "-B", "-m", "cortex_m_budget.check"),
            *("--image", "//tests/rules:small", "--elf", ELF, "--map", os.environ["MAP"]),
            *("--out", tmp_path / "table.txt", *options),
        ],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )


def test_an_image_is_measured(tmp_path):
    done = check(tmp_path)
    assert done.returncode == 0, done.stderr
    lines = (tmp_path / "table.txt").read_text().splitlines()
    used = {
        words[0]: int(words[1])
        for line in lines
        if len(words := line.split()) == 2 and words[1].isdigit()
    }
    sizes = json.loads(Path(os.environ["SIZES"]).read_text())
    regions = {region["name"]: region["used"] for region in sizes["regions"]}
    assert used["flash"] == pytest.approx(regions["FLASH"], abs=32)  # alignment
    assert used["ram"] == regions["RAM"]


def test_an_image_over_its_budget_fails(tmp_path):
    done = check(tmp_path, "--flash", "100", "--ram", "1000000")
    assert done.returncode == 1
    assert "//tests/rules:small is over its budget" in done.stderr
    assert "runtime" in done.stderr
    assert (tmp_path / "table.txt").read_text() in done.stderr


def test_as_a_test_the_status_is_written(tmp_path):
    done = check(tmp_path, "--flash", "100", "--status", str(tmp_path / "status"))
    assert done.returncode == 0
    assert (tmp_path / "status").read_text() == "1\n"


def test_kinds_have_the_names_of_the_attributes():
    assert (usage.FLASH, usage.RAM, usage.ARENA, usage.STACK) == ("flash", "ram", "arena", "stack")
