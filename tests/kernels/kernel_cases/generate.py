# SPDX-License-Identifier: Apache-2.0
"""Cases of an operator, as hypothesis makes them up."""

from __future__ import annotations

import tempfile
import zlib

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.internal.conjecture import providers
from hypothesis.internal.conjecture.data import ConjectureData
from hypothesis.strategies import SearchStrategy

from kernel_cases.calls import drawn
from kernel_cases.case_file import Case
from kernel_cases.draw import Draw
from kernel_cases.registry import GENERATORS

# hypothesis takes numbers also from the modules that happen to be loaded, and from what an earlier
# run has kept: the cases would depend on more than the seed.
providers._get_local_constants = lambda: providers._local_constants
set_hypothesis_home_dir(tempfile.mkdtemp(prefix="kernel_cases."))

SETTINGS = settings(
    database=None,
    deadline=None,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
    verbosity=Verbosity.quiet,
)


class Cases(SearchStrategy):
    """The cases of an operator, among them operands at odd addresses and over the output."""

    def __init__(self, operator: str) -> None:
        super().__init__()
        self._operator = operator

    def do_draw(self, data: ConjectureData) -> Case:
        """One case."""
        draw = Draw(data)
        case = GENERATORS[self._operator](draw)
        case.scratch_planned = draw.chance(0.5)
        case.misalignments = [draw.choice(0, 0, 1, 2, 3) for _ in range(len(case.buffers) + 1)]
        case.calls = {isa: drawn(draw, case, isa) for isa in case.isas}
        return case


def generate(operator: str, count: int, number: int) -> list[Case]:
    """`count` cases, fewer if the operator has no more; equal numbers give equal cases."""
    found = []

    # Seeded by name, so that cases stay the same when operators are added.
    @seed(zlib.crc32(operator.encode()) ^ number)
    @settings(SETTINGS, max_examples=count, phases=[Phase.generate])
    @given(Cases(operator))
    def keep(case: Case) -> None:
        if case.isas:
            found.append(case)

    keep()
    return found
