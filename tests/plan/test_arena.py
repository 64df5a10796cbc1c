# SPDX-License-Identifier: Apache-2.0
"""Where the plan places tensors and scratch: problems with a known answer, and random ones."""

import random
import sys
from dataclasses import replace

import pytest
import support
from cortex_m_plan.arena.bound import Bound
from cortex_m_plan.arena.instance import Instance
from cortex_m_plan.arena.place import SIMPLE, SOLVER, Placement, place
from cortex_m_plan.arena.problem import Block, Pair, Piece, Problem, Stage
from cortex_m_plan.arena.solve import solve
from cortex_m_plan.errors import PlanError
from cortex_m_plan.program import DType, Tensor
from cortex_m_plan.ways import Clause, Way

LOTS = 1 << 20
SCRATCH = Tensor(99, DType.UINT8, (0,), (0,), 0)


def block(size: int, first: int, last: int, alignment: int = 4) -> Block:
    return Block(alignment, size, (Piece(0, size, first, last),))


def pair(blocks, source: int, target: int, *roles: str) -> Pair:
    piece, target_piece = blocks[source].pieces[0], blocks[target].pieces[0]
    return Pair(source, piece, 0, target, target_piece, 0, roles or ("input",))


def way(distance: int | None = None, multiple: int = 1, tile: int = 0, scratch: int = 0) -> Way:
    clauses = {} if distance is None else {"input": (Clause(distance, multiple),)}
    return Way(tile, scratch=scratch, clauses=clauses)


def chain(sizes, *ways: Way) -> Problem:
    """Tensors of which each is made of the one before."""
    blocks = tuple(block(size, at - 1, at) for at, size in enumerate(sizes))
    stages = tuple(
        Stage(at, 0, ways, (pair(blocks, at, at + 1),), SCRATCH) for at in range(len(sizes) - 1)
    )
    return Problem(blocks, stages, 4)


def assert_holds(problem: Problem, placement: Placement) -> None:
    instance = Instance(problem, placement.ways)
    addresses = instance.joined(placement.addresses, placement.scratch)
    assert instance.holds(addresses)
    assert instance.end(addresses) <= placement.bytes
    assert Bound(problem).least() <= placement.bound <= placement.bytes


def placed(problem: Problem, most: int = LOTS) -> Placement:
    found = place(problem, most)
    assert found is not None
    assert_holds(problem, found)
    return found


def test_nothing_overlaps():
    found = placed(chain([100, 200, 60], way()))
    assert (found.bytes, found.proved, found.method) == (300, True, SIMPLE)


def test_in_place():
    found = placed(chain([100, 100, 100, 100], way(0)))
    assert (found.bytes, found.proved) == (100, True)
    assert len(set(found.addresses)) == 1


def test_a_chain_drifts():
    """Every output lies 16 bytes below its input, and the last one at the start."""
    found = placed(chain([400, 400, 400, 400], way(16)))
    assert found.bytes == 416 + 2 * 16
    assert (found.proved, found.method) == (True, SOLVER)
    assert list(found.addresses) == [48, 32, 16, 0]


def test_an_output_that_grows():
    """It may start before its input, and has to end behind it."""
    found = placed(chain([100, 400], way(200)))
    assert (found.bytes, found.proved) == (400, True)
    assert found.addresses[0] - found.addresses[1] >= 200


def test_a_distance_below_zero():
    """The output may run before the input: then both fit where one starts before the other."""
    blocks = (block(400, -1, 0), block(400, 0, 1), block(40, -1, 9, 16))
    problem = Problem(blocks, (Stage(0, 0, (way(-64),), (pair(blocks, 0, 1),)),), 4)
    assert placed(problem).bytes == 440


@pytest.mark.parametrize("multiple", [3, 12, 20])
def test_a_distance_is_a_multiple(multiple):
    found = placed(chain([240, 240], way(5, multiple)))
    delta = found.addresses[0] - found.addresses[1]
    assert delta % multiple == 0
    assert delta >= 5
    assert found.bytes == 240 + delta
    assert found.proved


def test_both_operands_at_once():
    blocks = (block(96, -1, 0), block(48, -1, 0), block(144, 0, 1))
    pairs = (pair(blocks, 0, 2, "self"), pair(blocks, 1, 2, "other"))
    both = Way(clauses={"self": (Clause(0),), "other": (Clause(0),)})
    found = placed(Problem(blocks, (Stage(0, 0, (both,), pairs),), 4))
    assert (found.bytes, found.proved) == (144, True)


def test_read_twice_needs_both_roles():
    blocks = (block(96, -1, 0), block(96, 0, 1))
    one = Way(clauses={"self": (Clause(0),)})
    stage = Stage(0, 0, (one,), (pair(blocks, 0, 1, "self", "other"),))
    assert placed(Problem(blocks, (stage,), 4)).bytes == 192


def test_an_input_that_lives_on_is_not_overlapped():
    """Nothing but pairs may share bytes; a problem has pairs of dying inputs alone."""
    blocks = (block(96, -1, 1), block(96, 0, 1))
    assert placed(Problem(blocks, (), 4)).bytes == 192


def test_scratch_lies_between():
    found = placed(chain([96, 96], way(scratch=64)))
    assert (found.bytes, found.proved) == (96 + 96 + 64, True)
    assert found.scratch[0] % 16 == 0


def test_the_fastest_way_that_costs_nothing():
    """At the peak steps take the slow way, all others the fast one."""
    fast, slow = way(tile=2, scratch=512), way(0, tile=1)
    found = placed(chain([64, 1024, 1024, 64, 64, 64], fast, slow))
    assert [taken.tile for taken in found.ways] == [1, 1, 1, 2, 2]
    assert (found.bytes, found.proved) == (1024, True)


def test_rigid_blocks():
    """Two tensors side by side in one block, of which one lives longer."""
    rigid = Block(4, 128, (Piece(0, 64, 0, 1), Piece(64, 64, 0, 3)))
    found = placed(Problem((rigid, block(64, 2, 3)), (), 4))
    assert (found.bytes, found.addresses) == (128, (0, 0))


def test_too_large():
    assert place(chain([100, 200, 60], way()), 299) is None


def random_problem(seed: int) -> Problem:
    """A program of steps with one or two inputs, some of which have several ways."""
    rng = random.Random(seed)
    count = rng.randint(3, 11)
    sizes = [4 * rng.randint(1, 60) for _ in range(count + 1)]
    last = [0] * (count + 1)
    inputs = []
    for at in range(count):
        read = {max(at - int(rng.expovariate(0.9)), 0) for _ in range(rng.choice([1, 1, 2]))}
        inputs.append(sorted(read))
        for number in read:
            last[number] = at
    last[count] = count
    blocks = tuple(
        block(size, at - 1, max(last[at], at - 1), rng.choice([4, 4, 16]))
        for at, size in enumerate(sizes)
    )
    stages = []
    for at, read in enumerate(inputs):
        pairs = tuple(
            replace(pair(blocks, number, at + 1), roles=(f"input{place}",))
            for place, number in enumerate(read)
            if last[number] == at and number != at + 1
        )
        ways = tuple(
            Way(
                tile,
                scratch=rng.choice([0, 0, 16, 40, 112]),
                clauses={
                    f"input{place}": tuple(
                        Clause(rng.randint(-20, 90), rng.choice([1, 1, 3, 8]))
                        for _ in range(rng.choice([0, 1, 1, 2]))
                    )
                    for place in range(len(read))
                },
            )
            for tile in range(1, rng.randint(2, 4))
        )
        stages.append(Stage(at, 0, ways, pairs, SCRATCH, rng.randint(1, 99)))
    return Problem(blocks, tuple(stages), 4)


@pytest.mark.parametrize("seed", range(60))
def test_random_problems(seed):
    """Never above what the solver finds by itself, and never below what it proves."""
    problem = random_problem(seed)
    found = placed(problem)
    exact = solve(problem, 0, None, found.bytes + 64)
    end = max(a + b.bytes for a, b in zip(exact.addresses, problem.blocks, strict=True))
    assert found.proved
    assert end <= exact.bound == found.bytes


def test_the_bound_alone_proves_most():
    methods = [placed(random_problem(seed)).method for seed in range(40)]
    assert methods.count(SIMPLE) > methods.count(SOLVER) > 0


SCRIPT = """
import test_arena
for seed in range(12):
    found = test_arena.place(test_arena.random_problem(seed), test_arena.LOTS)
    print(found.addresses, found.scratch, [way.tile for way in found.ways])
"""


def test_the_same_whatever_the_hashes(monkeypatch):
    printed = []
    for seed in ("0", "1"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        done = support.run_python("-c", SCRIPT)
        assert done.returncode == 0, done.stderr
        printed.append(done.stdout)
    assert printed[0] == printed[1]
    assert printed[0].count("\n") == 12


def test_nothing_to_place():
    found = placed(Problem((), (), 4))
    assert (found.bytes, found.proved) == (0, True)


def test_without_the_solver(monkeypatch):
    """It is missed only where the bound alone proves nothing, and then said so."""
    monkeypatch.setitem(sys.modules, "ortools.sat.python", None)
    assert placed(chain([100, 200, 60], way())).proved
    with pytest.raises(PlanError, match="OR-tools is not installed") as error:
        place(chain([400, 400, 400, 400], way(16)), LOTS)
    assert "way out: " in str(error.value)
