# SPDX-License-Identifier: Apache-2.0
"""A cortex_m_benchmark_test that fails, and the command that records what it measures."""

import json
import os
import subprocess

from cortex_m_profile import benchmark


def run(variable: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [os.environ[variable], *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | environment,
    )


def test_fails_with_a_table_of_what_changed():
    result = run("BENCHMARK")
    assert result.returncode == 1, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0].startswith("FAILED: digits_benchmark: ")
    assert " instructions per inference, recorded 1,000,000, " in lines[0]
    assert lines[2].split()[:4] == ["step", "operator", "shape", "kernel"]
    assert any("before -> " in line for line in lines)
    assert lines[-1] == "If that is meant, record it: bazel run //tests/profile:record"
    assert "Traceback" not in result.stderr


def test_says_that_nothing_is_recorded():
    result = run("UNRECORDED")
    assert result.returncode == 1
    assert result.stdout.startswith("FAILED: unrecorded_benchmark: ")
    assert "and nothing is recorded yet: bazel run //tests/profile:record" in result.stdout


def test_one_command_records_and_then_it_passes(tmp_path):
    record = tmp_path / "tests" / "profile" / "wrong.json"
    record.parent.mkdir(parents=True)
    result = run("RECORD", BUILD_WORKSPACE_DIRECTORY=str(tmp_path))
    assert result.returncode == 0, result.stderr
    recorded = json.loads(record.read_text())

    measured = tmp_path / "profile.json"
    assert run("BENCHMARK", "--measure", str(measured)).returncode == 0
    now = benchmark.figures(json.loads(measured.read_text()))
    assert recorded == {"digits_benchmark": now}  # exact: the same count each time
    passed, text = benchmark.check("digits_benchmark", recorded, now, 0, "//t:record")
    assert passed
    assert text.endswith(" %")
