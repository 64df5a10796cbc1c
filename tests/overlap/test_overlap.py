# SPDX-License-Identifier: Apache-2.0
"""Every kernel reads and writes in the order its ways state, on every instruction set.

The emulator records when each byte of a call is read and written (tracer.c). From that follows how
close an input may come to the output; no clause may permit more.
"""

import os
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from calls import Traced, cases, traced
from checks import objections, stated
from kernel_cases.case_file import Case, write_cases
from kernel_cases.params import ParamStructs
from traces import Trace, read_traces

_RUNNERS = {
    "cortex-m0": "scalar",
    "cortex-m3": "scalar",
    "cortex-m4": "dsp",
    "cortex-m55": "mve",
}

# Its kernels limit what they have written to the activation's range, and write a second pixel that
# is not there where the first is going to be. Whose bytes they were the first store has settled.
_REWRITING = {"dsp"}

Calls = list[tuple[Traced, Trace]]


@pytest.fixture(scope="module")
def made() -> list[Case]:
    return cases()


@pytest.fixture(scope="module", params=_RUNNERS)
def core(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def calls(core: str, made: list[Case], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calls]:
    structs = ParamStructs(Path(header) for header in os.environ["HEADERS"].split())
    folder = tmp_path_factory.mktemp(core)
    ours = traced(made, _RUNNERS[core])
    with (folder / "cases").open("wb") as stream:
        write_cases(
            stream, [(one.case, structs.pack(one.case.struct, one.case.params)) for one in ours]
        )
    runner = os.environ["RUNNER_" + core.replace("-", "_").upper()].removesuffix(".elf")
    plugin = f"{Path(os.environ['TRACER']).absolute()},out={folder / 'trace'}"
    said = subprocess.run(
        [Path(runner).absolute(), f"--plugin={plugin}", folder / "cases"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stdout + said.stderr
    traces = read_traces(folder / "trace")
    assert len(traces) == len(ours)
    yield list(zip(ours, traces, strict=True))


def test_ways_hold(core: str, calls: Calls) -> None:
    found = [f"{call}: {why}" for call, trace in calls for why in objections(call, trace)]
    _print_slack(core, calls)
    assert not found, f"{len(found)} of {len(calls)} calls:\n" + "\n".join(found[:20])


def test_bytes_are_written_once(core: str, calls: Calls) -> None:
    found = [
        f"{call}: {trace.rewritten} bytes of the output written more than once"
        for call, trace in calls
        if trace.rewritten and _RUNNERS[core] not in _REWRITING
    ]
    assert not found, f"{len(found)} of {len(calls)} calls:\n" + "\n".join(found[:20])


def test_a_distance_too_small_is_caught(core: str, calls: Calls) -> None:
    """Wherever what is stated is tight: the next nearer place has to be objected to."""
    caught = 0
    for call, trace in calls:
        for one in stated(call, trace):
            nearer = one.clause._replace(distance=one.clause.distance - one.clause.multiple)
            if one.slack == 0 and nearer.distance > one.apart:
                way = replace(call.way, clauses={one.role: (nearer,)})
                assert objections(Traced(call.case, way), trace), f"{call}: {nearer}"
                caught += 1
    print(f"{core}: {caught} distances that are too small caught")
    assert caught > len(calls) // 2


def _print_slack(core: str, calls: Calls) -> None:
    """A table of the ways: calls, how many clauses are tight, and the largest slack."""
    by_way = defaultdict(list)
    for call, trace in calls:
        for one in stated(call, trace):
            by_way[call.case.operator, call.way.text].append(one.slack)
    print(f"{core}: {len(calls)} calls; by way: clauses, of them tight, most bytes of slack")
    for (kernel, text), slacks in sorted(by_way.items()):
        print(f"{len(slacks):5} {slacks.count(0):5} {max(slacks):5} {kernel} {text}")
