# SPDX-License-Identifier: Apache-2.0
"""From the plugin's file to figures: sums, means, messages."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cortex_m_profile import counts, image, profile, show
from cortex_m_profile.errors import ProfileError

CODE = {
    0x100: ("bl\t200 <m_step_0>", 4),
    0x104: ("pop\t{r4, pc}", 2),
    0x200: ("ldr\tr0, [r1]", 2),
    0x202: ("vldrb.u8\tq0, [r1]", 4),
    0x206: ("bx\tlr", 2),
}


def described(**changes) -> dict:
    return {
        "format": image.FORMAT,
        "image": "//a:b",
        "core": "cortex-m55",
        "isa": "mve",
        "flash": 1000,
        "weights": 600,
        "ignored": [[0x300, 0x310]],
        "models": [
            {
                "name": "m",
                "run": [0x100, 0x106],
                "steps": [
                    {
                        "symbol": "m_step_0",
                        "start": 0x200,
                        "operator": "conv",
                        "kernel": "cortex_m_conv",
                        "summary": "1x1",
                        "macs": 6,
                    }
                ],
            }
        ],
        "code": [[at, size, *text.split("\t")] for at, (text, size) in CODE.items()],
    } | changes


def read_image(tmp_path: Path, **changes) -> image.Image:
    path = tmp_path / "image.json"
    path.write_text(json.dumps(described(**changes)))
    return image.read(path)


def read_counts(tmp_path: Path, text: str) -> counts.Counts:
    path = tmp_path / "counts"
    path.write_text(text)
    return counts.read(path)


TWO_RUNS = f"""\
run 0 2 3
run 0 2 6
block 0 {0x100} 1 2 2
block 0 {0x104} 1 2 2
block 1 {0x200} 3 3 3
access 0 {0x104} 4 16 0 0
access 1 {0x200} 3 12 0 0
access 1 {0x202} 48 48 0 0
"""


def test_joins_counts_and_plan(tmp_path):
    found = profile.make(read_image(tmp_path), read_counts(tmp_path, TWO_RUNS))
    (model,) = found.models
    step, rest = model.steps
    assert (model.runs, model.macs) == (2, 6)
    assert (step.figures.instructions, step.figures.lowest, step.figures.highest) == (4.5, 3, 6)
    # A whole vector is one access, whatever the emulator makes of it.
    assert (step.figures.loads, step.figures.load_bytes) == (3.0, 30.0)
    assert (rest.step, rest.figures.instructions, rest.figures.loads) == (None, 2, 2)
    assert (model.total.instructions, model.total.lowest, model.total.highest) == (6.5, 5, 8)


def test_the_map_numbers_buckets_as_the_plugin_does(tmp_path):
    assert read_image(tmp_path).map() == "ignore 300 310\nrun 100 106\nstep 200\n"


def test_text_and_json_agree(tmp_path):
    found = profile.make(read_image(tmp_path), read_counts(tmp_path, TWO_RUNS))
    text = show.as_text(found)
    assert "mean of 2 runs, from 5 to 8" in text
    table = show.as_json(found)
    assert table["models"][0]["instructions"] == 6.5
    assert table["models"][0]["steps"][0]["loads"] == 3
    assert (table["flash"], table["weights"]) == (1000, 600)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the firmware never called m_run"),
        ("unfinished 0\n", "ended inside an inference"),
        ("odd 1 2\n", "not made by this version of the plugin"),
        (f"run 0 2 3\nblock 0 {0x400} 1 1 1\n", "0x400 was executed"),
    ],
)
def test_says_what_is_wrong(tmp_path, text, message):
    with pytest.raises(ProfileError, match=message):
        profile.make(read_image(tmp_path), read_counts(tmp_path, text))


def test_refuses_an_image_of_another_version(tmp_path):
    with pytest.raises(ProfileError, match="build it again"):
        read_image(tmp_path, format=0)


def test_an_emulator_with_another_plugin_api_is_named(tmp_path):
    older = tmp_path / "qemu-system-arm"
    older.write_text("#!/bin/sh\necho 'supports only up to version 4' >&2\nexit 1\n")
    older.chmod(0o755)
    path = tmp_path / "image.json"
    path.write_text(json.dumps(described()))
    result = subprocess.run(
        [
            sys.executable,
            "-m",
            "cortex_m_profile",
            "--image",
            path,
            "--plugin",
            "c.so",
            "--",
            older,
        ],
        capture_output=True,
        text=True,
    )
    assert result.returncode == 3
    assert "supports only up to version 4" in result.stderr
    assert "plugins of API version 7, which is QEMU 11.1 or newer" in result.stderr
