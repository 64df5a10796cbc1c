# SPDX-License-Identifier: Apache-2.0
"""Every reason not to take a faster kernel can occur, and what is taken instead is exact."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from cortex_m_plan.choice import CANDIDATES, choose
from kernel_cases.choice import asked, candidate_for, given_to
from kernel_cases.params import ParamStructs
from kernel_cases.refused import SCRATCH, conditions_of, refused
from runner import Runner

_ISA = os.environ["ISA"]
_PREFIX = "cortex_m_"
_REASONS = [
    (operator.removeprefix(_PREFIX), candidate.kernel.removeprefix(_PREFIX), condition, number)
    for operator, kernels in CANDIDATES.items()
    for candidate in kernels
    for condition in conditions_of(operator.removeprefix(_PREFIX), candidate, _ISA)
    for number in range(3)
]


@pytest.fixture(scope="module")
def structs() -> ParamStructs:
    return ParamStructs(Path(header) for header in os.environ["HEADERS"].split())


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    image = Path(os.environ["RUNNER"].removesuffix(".elf"))
    booted = Runner(image.absolute(), tmp_path_factory.mktemp("runner"))
    yield booted
    booted.close()


@pytest.mark.parametrize(("operator", "kernel", "condition", "number"), _REASONS)
def test_reason(
    operator: str, kernel: str, condition: str, number: int, structs: ParamStructs, runner: Runner
) -> None:
    call = refused(operator, kernel, condition, number)
    ask = asked(call.case, _ISA, call.scratch)
    candidate = candidate_for(operator, kernel)
    objections = {
        check.__name__: check(ask)
        for check in (*candidate.conditions, *candidate.further.get(_ISA, ()))
    }
    broken = [name for name, why in objections.items() if why]
    assert broken == ([] if condition == SCRATCH else [condition])

    choice = choose(ask)
    why = candidate.objection(ask)
    assert why
    chosen = choice.candidate.kernel.removeprefix(_PREFIX) if choice.candidate else operator
    assert chosen != kernel
    print(f"{_ISA} {operator}: not {kernel}: {why}; {chosen}")
    instead = [call.case] if chosen == operator else [given_to(call.case, chosen), call.case]
    for case in instead:
        assert _ISA in case.isas
        assert not runner.failure(case, structs.pack(case.struct, case.params))
