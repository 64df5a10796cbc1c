# SPDX-License-Identifier: Apache-2.0
"""A cortex_m_accuracy_test fails below its bound: run as Bazel would, on the emulated core."""

import json
import os
import subprocess

import pytest
from cortex_m_lowering.accuracy_gate import main

PERFECT = os.environ["PERFECT"]
REACHED = os.environ["REACHED"]


def run(test: str) -> subprocess.CompletedProcess:
    return subprocess.run([test], capture_output=True, text=True, timeout=120)


def test_passes_at_exactly_the_bound():
    result = run(REACHED)
    assert result.returncode == 0, result.stdout
    assert "accuracy on device 357/360, 99.17 %" in result.stdout
    assert "the accuracy is at least the required 99.1666 %" in result.stdout


def test_fails_below_the_bound():
    result = run(PERFECT)
    assert result.returncode != 0
    assert "accuracy on device 357/360, 99.17 %" in result.stdout
    assert "FAILED: the accuracy is below the required 100.0000 %" in result.stdout
    assert "FAILED: exit status 1, expected 0" in result.stdout


def test_shows_which_classes_are_confused():
    lines = run(PERFECT).stdout.splitlines()
    start = lines.index("answers (columns) by label (rows):") + 1
    assert lines[start].split() == [str(digit) for digit in range(10)]
    rows = [line.split() for line in lines[start + 1 : start + 11]]
    counts = [[0 if cell == "." else int(cell) for cell in row[1:]] for row in rows]
    assert [row[0] for row in rows] == [str(digit) for digit in range(10)]
    assert sum(map(sum, counts)) == 360
    assert sum(counts[digit][digit] for digit in range(10)) == 357


@pytest.mark.parametrize("labelled", [True, False])
def test_vectors_without_labels_are_refused_by_name(tmp_path, capsys, labelled):
    report = tmp_path / "m.json"
    vectors = {"count": 4, "labelled": labelled, "int8_correct": 3, "float_correct": 4}
    report.write_text(json.dumps({"name": "m", "vectors": vectors}))
    out = tmp_path / "out.txt"
    arguments = ["--report", str(report), "--test", "//a:t", "--model", "//a:m", "--out", str(out)]
    assert main(arguments) == (0 if labelled else 1)
    message = capsys.readouterr().err
    if labelled:
        assert message == ""
        assert "4 labelled vectors; right by PyTorch int8 3, by PyTorch float 4" in out.read_text()
    else:
        assert message.startswith("//a:t: the 4 vectors of //a:m carry no labels")
        assert "integer array `labels`" in message
