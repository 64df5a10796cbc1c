# SPDX-License-Identifier: Apache-2.0
"""Random cases of every operator in the emulator; of one that fails, the simplest is shown.

    bazel test //tests/kernels:random_mve_test --test_arg=-k --test_arg=quantized_add

$CASES says how many cases an operator gets.
"""

import os
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, given, seed, settings
from kernel_cases.case_file import Case
from kernel_cases.generate import SETTINGS, Cases
from kernel_cases.params import ParamStructs
from kernel_cases.registry import GENERATORS
from runner import Runner

_HEADERS = os.environ["HEADERS"].split()
_RUNNER = Path(os.environ["RUNNER"].removesuffix(".elf"))
_COUNT = int(os.environ["CASES"])
_ISA = os.environ["ISA"]


@pytest.fixture(scope="module")
def structs() -> ParamStructs:
    return ParamStructs(Path(header) for header in _HEADERS)


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    booted = Runner(_RUNNER.absolute(), tmp_path_factory.mktemp("runner"))
    yield booted
    booted.close()


@pytest.mark.parametrize("operator", sorted(GENERATORS))
def test_operator(operator: str, structs: ParamStructs, runner: Runner, right: Counter) -> None:
    # Other cases than those of the case file, which every variant runs.
    @seed(zlib.crc32(operator.encode()) + 1)
    @settings(SETTINGS, max_examples=_COUNT, phases=[Phase.generate, Phase.shrink])
    @given(Cases(operator))
    def run(case: Case) -> None:
        if _ISA not in case.isas:
            return
        failure = runner.failure(case, structs.pack(case.struct, case.params))
        if failure:
            raise AssertionError(f"{failure}{case}")
        right[operator] += 1

    run()
