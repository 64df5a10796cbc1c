# SPDX-License-Identifier: Apache-2.0
"""Counts of the plugin: those of known code on each architecture, run as Bazel runs it."""

import json
import os
import subprocess
from pathlib import Path

import pytest

CORES = ("m0", "m3", "m4", "m33", "m55")

# By step: instructions, loads, bytes loaded, stores, bytes stored.
_STEPS = [
    (4 + 2 * 16000, 0, 0, 0, 0),
    (5 + 10 * 12, 4 + 10 * 7, 16 + 10 * 23, 4 + 10 * 6, 16 + 10 * 19),
    (4 + 2 * 3, 2, 8, 2, 8),
    (2 + 3, 1, 4, 0, 0),
]
_REST = {
    "m0": (1, 0, 0, 0, 0),
    "mainline": (8, 2, 8, 2, 8),
    # Twice a vector of 16 and one of four bytes; four words gathered, each an access.
    "m55": (8 + 13, 2 + 3 + 4, 8 + 16 + 20 + 16, 2 + 1, 8 + 16),
}

# SysTick is read three times, each to a tick of up to 62.5 instructions.
_TICKS = 3 * 63


def path(name: str) -> str:
    """The runner of an image: its ELF is what Bazel gives the path of."""
    return os.environ[name].removesuffix(".elf")


def run(core: str, tmp_path: Path) -> tuple[str, dict]:
    out = tmp_path / "profile.json"
    image = path(f"KNOWN_CORTEX_{core.upper()}")
    result = subprocess.run(
        [image, f"--profile_json={out}"], capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout, json.loads(out.read_text())


@pytest.mark.parametrize("core", CORES)
def test_counts_are_exact_with_and_without_interrupts(core, tmp_path):
    console, profile = run(core, tmp_path)
    (model,) = profile["models"]
    assert model["runs"] == 3
    assert [step.get("symbol") for step in model["steps"]] == [
        *(f"known_step_{index}" for index in range(5)),
        None,
    ]
    names = ("instructions", "loads", "load_bytes", "stores", "store_bytes")
    counted = [tuple(step[name] for name in names) for step in model["steps"][:5]]
    assert counted == [*_STEPS, _REST.get(core, _REST["mainline"])]
    # All three runs alike, though the second was interrupted time and again.
    assert {(step["lowest"], step["highest"]) for step in model["steps"]} == {
        (step["instructions"], step["instructions"]) for step in model["steps"]
    }
    assert model["instructions"] == sum(step["instructions"] for step in model["steps"])

    # 16000 SUBS, BNE taken in three cycles but the last, and 6 for the rest: on each of the five.
    assert model["steps"][0]["cycles"] == 16000 + 15999 * 3 + 1 + 6

    (line,) = [line for line in console.splitlines() if line.startswith("counted ")]
    systick = int(line.split()[1])
    assert abs(systick - model["instructions"]) <= _TICKS


@pytest.mark.parametrize("core", CORES)
def test_shows_a_table_a_person_can_read(core, tmp_path):
    console, profile = run(core, tmp_path)
    assert f"known on cortex-{core}" in console
    assert "mean of 3 runs, all alike" in console
    (loop,) = [line for line in console.splitlines() if " loop " in line]
    assert loop.split()[:6] == ["0", "loop", "16000", "rounds", "loop", "32,004"]
    assert f"Cycles are an estimate: {profile['cycle_model']['name']}" in console


def test_table_only_when_asked_for():
    image = path("KNOWN_CORTEX_M4")
    result = subprocess.run([image], capture_output=True, text=True, timeout=60)
    assert result.returncode == 0
    assert "per inference" not in result.stdout
    result = subprocess.run([image, "--profile"], capture_output=True, text=True, timeout=60)
    assert result.returncode == 0
    assert "instructions per inference" in result.stdout


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        ("NO_MODEL", "no model to profile: no cortex_m_library among its deps"),
        ("NO_EMULATOR", "board pico2 names no QEMU machine, and the profile counts in QEMU"),
    ],
)
def test_says_why_there_is_no_profile(image, reason):
    result = subprocess.run([path(image), "--profile"], capture_output=True, text=True, timeout=60)
    assert result.returncode == 3
    assert reason in result.stderr
    assert "Traceback" not in result.stderr
