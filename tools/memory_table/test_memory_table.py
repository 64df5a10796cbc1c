# SPDX-License-Identifier: Apache-2.0
"""The memory table: its arithmetic, and the figures that cannot change unnoticed."""

import os
import subprocess

import memory_table as tool


def tensor(size: int, first: int, last: int, kind: str = "activation") -> dict:
    return {"bytes": size, "first": first, "last": last, "kind": kind}


def test_most_alive_is_the_peak_of_overlapping_lifetimes():
    assert tool.most_alive([tensor(10, 0, 1), tensor(20, 1, 2), tensor(25, 3, 3)]) == 30


def test_scratch_is_the_largest_buffer_and_not_alive():
    report = {
        "program_bytes": 7,
        "arena_bytes": 40,
        "scratch": [{"bytes": 4}, {"bytes": 12}],
        "tensors": [tensor(30, 0, 0), tensor(12, 0, 0, "scratch")],
    }
    console = "core cortex-m4\nisa dsp\nconstants 6\narena 40\nstatic 44\nstack 100\nflash 50\n"
    measured = tool.measurement(console, report)
    assert (measured.variant, measured.scratch, measured.needed) == ("cortex-m4 (dsp)", 12, 30)
    assert (measured.other, measured.ram) == (4, 144)


def test_published_figures_add_up():
    parts = ("planned", "loaded", "input")
    for column in (0, 1):
        used = tool.PUBLISHED["method_allocator_used"][column]
        assert used == sum(tool.PUBLISHED[f"method_allocator_{part}"][column] for part in parts)


def test_prints_this_programs_rows():
    printed = subprocess.run([os.environ["TABLE"]], check=True, capture_output=True, text=True)
    rows = {
        line.split("|")[1].strip(): [cell.strip() for cell in line.split("|")[2:-1]]
        for line in printed.stdout.splitlines()
        if line.startswith("|")
    }
    assert rows["`method_allocator_planned`"] == ["2,560"] * 5
    assert rows["arena that the tensors need without any scratch"] == ["2,560"] * 3
    assert rows["of which scratch, the largest buffer"][0] == "576"
