# SPDX-License-Identifier: Apache-2.0
"""The table: its counts and arithmetic, and what it does when a command fails."""

import json
from collections import Counter
from pathlib import Path

import pytest
from cortex_m_scale.baseline import LoweringFailed, Python, one_by_one
from cortex_m_scale.bazel import Build, BuildFailed, Server, Sources, executed, server
from cortex_m_scale.table import Figures, table

METRICS = {
    "buildMetrics": {
        "actionSummary": {
            "actionData": [
                {"mnemonic": "CppCompile", "actionsExecuted": "1342"},
                {"mnemonic": "CortexMLower", "actionsExecuted": "15"},
                {"mnemonic": "CortexMPlan"},
                {"mnemonic": "FileWrite", "actionsExecuted": "7"},
            ]
        }
    }
}


def figures() -> Figures:
    return Figures(
        networks=["ds_cnn", "resnet8"],
        cores=["cortex-m4", "cortex-m7", "cortex-m55"],
        processors=2,
        baseline=120.0,
        programs=Build(12.0, Counter(CortexMLower=4)),
        images=Build(40.0, Counter(CortexMLower=4, CppCompile=1200, CppLink=6, CortexMFit=6)),
        no_op=Build(0.4),
        edits={"app.c": Build(3.0, Counter(CppCompile=6, CppLink=6))},
        reports=Build(9.0, Counter(CortexMReport=6)),
        first_checkout=Build(50.0, Counter(CortexMLower=4, CppCompile=1200, CppLink=6)),
        second_checkout=Build(8.0, hits=1220),
    )


def script(folder: Path, text: str) -> Path:
    """An executable `bazelw` in a workspace of its own."""
    workspace = folder / "checkout"
    workspace.mkdir()
    path = workspace / "bazelw"
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return workspace


def test_counts_tools_and_not_what_bazel_does_itself():
    events = [json.dumps({"started": {}}), json.dumps(METRICS)]
    assert executed(events) == (Counter(CppCompile=1342, CortexMLower=15), 0)


@pytest.mark.parametrize(
    ("local", "actions"), [({}, Counter()), ({"worker": 2}, Counter(CortexMLower=15))]
)
def test_what_came_from_the_cache_was_not_run(local, actions):
    runners = {"total": 32, "remote cache hit": 13, "internal": 17} | local
    summary = {
        "actionData": [{"mnemonic": "CortexMLower", "actionsExecuted": "15"}],
        "runnerCount": [{"name": name, "count": count} for name, count in runners.items()],
    }
    events = [json.dumps({"buildMetrics": {"actionSummary": summary}})]
    assert executed(events) == (actions, 13)


def test_a_build_that_was_cut_off_has_no_counts():
    with pytest.raises(ValueError, match="cut off"):
        executed([json.dumps({"started": {}})])


def test_rows_have_ratios_and_counts():
    text = table(figures())
    assert (
        "| 6 lowerings by ExecuTorch's Python API, a fresh process each | 120 s (20.0 s each) |"
        in text
    )
    assert "| 6 programs, cold | 12.0 s | 0.10, 10.0x less | 4 | 0 | 0 | 0 | 0 |  |" in text
    assert "| 40.0 s | 0.33, 3.0x less | 4 | 0 | 1,200 | 0 | 6 | 6 CortexMFit |" in text
    assert "| again, app.c edited | 3.0 s |  | 0 | 0 | 6 | 0 | 6 |  |" in text
    assert "| 8.0 s | 0.07, 15.0x less | 0 | 0 | 0 | 0 | 0 | 1,220 from the cache |" in text


def test_every_row_has_every_column():
    rows = [line for line in table(figures()).splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in rows}) == 1


@pytest.mark.parametrize("cache", ["", "grpc://127.0.0.1:1"])
def test_builds_in_a_copy_and_stops_the_server(tmp_path, cache):
    workspace = script(tmp_path, 'echo "$PWD $*" >>"${0%/*}/../commands"\n'
                       'for a; do case $a in --build_event_json_file=*) '
                       f"echo '{json.dumps(METRICS)}' >\"${{a#*=}}\";; esac; done\n")  # fmt: skip
    (workspace / ".git").mkdir()
    (workspace / "bazel-bin").symlink_to("/nowhere")
    sources = Sources(workspace, {"python": Path("/packages")})
    sources.copy_to(tmp_path / "copy")
    assert {path.name for path in (tmp_path / "copy").iterdir()} == {"bazelw"}
    with server(sources, tmp_path / "copy", tmp_path / "server", cache) as bazel:
        assert bazel.build("//x").actions["CortexMLower"] == 15
    build, stop = (tmp_path / "commands").read_text().splitlines()
    base = f"{tmp_path}/copy --output_base={tmp_path}/server/base"
    assert build.startswith(
        f"{base} build --disk_cache= --remote_executor= --remote_cache={cache} "
    )
    assert "--override_repository=python=/packages" in build
    assert build.endswith(" //x")
    assert stop == f"{base} shutdown"
    assert not (tmp_path / "server").exists()


def test_a_failed_build_shows_what_bazel_said(tmp_path):
    workspace = script(tmp_path, "echo 'ERROR: no such target'; exit 7\n")
    with pytest.raises(BuildFailed, match="//x: exit 7\nERROR: no such target"):
        Server(Sources(workspace, {}), workspace, tmp_path).build("//x")


def test_a_failed_lowering_shows_what_was_printed(tmp_path):
    lowering = tmp_path / "lowering.py"
    lowering.write_text("import sys; sys.exit('no such model')")
    python = Python(lowering, tmp_path)
    with pytest.raises(LoweringFailed, match="a:b for cortex-m4: exit 1\nno such model"):
        one_by_one(python, [("a:b", "cortex-m4")], tmp_path)
