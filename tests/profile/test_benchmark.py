# SPDX-License-Identifier: Apache-2.0
"""Recorded counts: when a benchmark fails, and with what table."""

import json

import pytest
from cortex_m_profile import benchmark


def profile(*instructions: int, kernel: str = "cortex_m_conv") -> dict:
    steps = [
        {
            "symbol": f"m_step_{index}",
            "operator": "quantized_conv2d",
            "summary": f"shape {index}",
            "kernel": kernel,
            "instructions": count,
        }
        for index, count in enumerate(instructions)
    ]
    model = {"instructions": sum(instructions) + 10.25, "steps": [*steps, {"instructions": 10.25}]}
    return {"core": "cortex-m4", "isa": "dsp", "models": [model]}


RECORD = {"cnn_m4": benchmark.figures(profile(1000, 9000))}


def check(now: dict, bound: float = 1) -> tuple[bool, str]:
    return benchmark.check("cnn_m4", RECORD, benchmark.figures(now), bound, "//t:record")


@pytest.mark.parametrize("last", [9000, 9100, 8900])
def test_passes_within_the_bound(last):
    passed, text = check(profile(1000, last))
    assert passed
    assert text.startswith(f"cnn_m4: {last + 1010:,} instructions per inference, recorded 10,010")


def test_fails_with_a_table_of_the_steps_that_changed():
    passed, text = check(profile(1000, 9900))
    assert not passed
    lines = text.splitlines()
    assert lines[0] == (
        "FAILED: cnn_m4: 10,910 instructions per inference, recorded 10,010, +8.99 %: "
        "slower by more than 1 %"
    )
    assert [" ".join(line.split()) for line in lines[2:5]] == [
        "step operator shape kernel recorded now change",
        "1 quantized_conv2d shape 1 conv 9,000 9,900 +10.00 %",
        "in all 10,010 10,910 +8.99 %",
    ]
    assert lines[-1] == "If that is meant, record it: bazel run //t:record"
    assert len(lines) == 7


def test_fails_when_faster_too_so_that_the_record_stays_true():
    passed, text = check(profile(1000, 8000))
    assert not passed
    assert "faster by more than 1 %" in text


def test_shows_another_kernel_and_another_number_of_steps():
    _, text = check(profile(1000, kernel="cortex_m_general"))
    assert "conv -> general" in text
    assert "conv -> -" in text


def test_says_so_when_nothing_is_recorded():
    passed, text = benchmark.check("other", RECORD, RECORD["cnn_m4"], 1, "//t:record")
    assert (passed, text) == (
        False,
        "FAILED: other: 10,010 instructions per inference, and nothing is recorded yet: "
        "bazel run //t:record",
    )


def test_renews_entries_and_keeps_the_others(tmp_path):
    path = tmp_path / "record.json"
    path.write_text("{}")
    benchmark.renew(path, RECORD)
    benchmark.renew(path, {"other": benchmark.figures(profile(5))})
    record = json.loads(path.read_text())
    assert record["cnn_m4"] == RECORD["cnn_m4"]
    assert record["other"]["instructions"] == 15
    before = path.read_bytes()
    benchmark.renew(path, RECORD)
    assert path.read_bytes() == before
