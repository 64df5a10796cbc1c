# SPDX-License-Identifier: Apache-2.0
"""The check of the finished arena refuses what is wrong, and what it lets pass is safe."""

import random
from dataclasses import replace

import pytest
import support
from cortex_m_plan import arena, container, decode, flatbuffer, memory, operators, plan, report
from cortex_m_plan.arena.banks import Bank
from cortex_m_plan.arena.check import check
from cortex_m_plan.errors import PlanError
from cortex_m_plan.ways import Clause
from test_elision_random import Writer, described, run

TINY = support.TESTDATA / "tiny.pte"


def fitted(program, side) -> arena.Fitted:
    """A program with the placement that its plan has."""
    calls = [operators.call(program, side, item) for item in program.instructions]
    steps = [operators.steps(call) for call in calls]
    found, _ = plan._Fitter(side, program).run(calls, memory.analyse(program, calls, steps))
    return found


@pytest.fixture(scope="module")
def tiny() -> arena.Fitted:
    file = container.read(TINY)
    program = decode.decode(file, flatbuffer.tables(file, support.FLATC, support.SCHEMA))
    return fitted(program, report.read(TINY.with_suffix(".json")))


def moved(found: arena.Fitted, number: int, by: int) -> arena.Arranged:
    """The program with one block, or scratch behind all blocks, moved by so many bytes."""
    placement = found.placement
    count = len(placement.addresses)
    if number < count:
        addresses = list(placement.addresses)
        addresses[number] += by
        placement = replace(placement, addresses=tuple(addresses))
    else:
        stage = sorted(placement.scratch)[number - count]
        scratch = {**placement.scratch, stage: placement.scratch[stage] + by}
        placement = replace(placement, scratch=scratch)
    return arena.arrange(replace(found, placement=placement))


def checked(arranged: arena.Arranged, more: int = 0):
    """What the check says of an arena with some room behind it."""
    steps = [step for parts in arranged.steps for step in parts]
    banks = (Bank(None, None, 0, arranged.arena.bytes + more),)
    return check("m.pte", "mve", steps, arranged.memory, banks)


def test_the_plan_itself(tiny):
    overlaps = checked(moved(tiny, 0, 0))
    assert overlaps
    for overlap in overlaps:
        assert overlap.clause.permits(overlap.delta)


def overlapping(found: arena.Fitted):
    """A pair of the plan whose output lies over its input, and its clause."""
    addresses = found.placement.addresses
    for stage, way in zip(found.problem.stages, found.placement.ways, strict=True):
        for pair in stage.pairs:
            delta = addresses[pair.source] - addresses[pair.target]
            if pair.clauses(way) and -pair.piece.bytes < delta < pair.target_piece.bytes:
                yield pair, pair.clauses(way), delta


def test_a_distance_too_small(tiny):
    """The message has both tensors, the step, the distance there is and the one it needs."""
    pair, clauses, delta = next(overlapping(tiny))
    least = min(clause.distance for clause in clauses)
    with pytest.raises(PlanError) as error:
        checked(moved(tiny, pair.source, least - 4 - delta), 4096)
    message = str(error.value)
    source, target = (
        tiny.groups[block].buffers[0][0].tensor for block in (pair.source, pair.target)
    )
    if "leaves the arena" not in message:
        assert f"%{source.id} (" in message
        assert f"%{target.id} (" in message
        assert "share bytes" in message
        assert f"lies {least - 4} B behind the output" in message
        assert f"permitted: at least {least} B" in message
        assert "cortex_m_" in message


def test_out_of_the_arena(tiny):
    with pytest.raises(PlanError, match="leaves the arena"):
        checked(moved(tiny, 0, 4096))
    with pytest.raises(PlanError, match="leaves the arena"):
        checked(moved(tiny, 0, -4096))


def test_scratch_that_is_not_aligned(tiny):
    count = len(tiny.placement.addresses)
    with pytest.raises(PlanError, match="is not aligned to 16"):
        checked(moved(tiny, count, 4), 4096)


def test_scratch_over_a_tensor(tiny):
    stage = min(tiny.placement.scratch)
    moment = tiny.problem.stages[stage].moment
    live = next(
        number
        for number, block in enumerate(tiny.problem.blocks)
        if any(piece.lives(moment) for piece in block.pieces)
    )
    by = tiny.placement.addresses[live] // 16 * 16 - tiny.placement.scratch[stage]
    with pytest.raises(PlanError, match="share bytes while both live"):
        checked(moved(tiny, len(tiny.placement.addresses), by), 4096)


def test_scratch_that_is_too_small(tiny):
    stage = min(tiny.placement.scratch)
    ways = list(tiny.placement.ways)
    ways[stage] = replace(ways[stage], scratch=ways[stage].scratch - 16)
    wrong = replace(tiny, placement=replace(tiny.placement, ways=tuple(ways)))
    with pytest.raises(PlanError, match=r"it works on \d+ B of scratch, \d+ B are there"):
        checked(arena.arrange(wrong))


def test_the_ways_are_asked_anew(tiny):
    """What the planner believed of a kernel does not count."""
    pair, _, delta = next(overlapping(tiny))
    free = (Clause(-(1 << 20)),)
    ways = tuple(replace(way, clauses={"input": free}) for way in tiny.placement.ways)
    wrong = replace(tiny, placement=replace(tiny.placement, ways=ways))
    least = min(clause.distance for clause in next(overlapping(tiny))[1])
    with pytest.raises(PlanError):
        checked(moved(wrong, pair.target, delta - least + 4), 4096)


def test_banks_are_not_left(tiny):
    arranged = moved(tiny, 0, 0)
    steps = [step for parts in arranged.steps for step in parts]
    half = arranged.arena.bytes // 2
    banks = (Bank("A", half, 0, half), Bank("B", half, half, arranged.arena.bytes - half))
    with pytest.raises(PlanError, match="leaves the arena"):
        check("m.pte", "mve", steps, arranged.memory, banks)


class Made:
    """As much of a plan as running it takes."""

    def __init__(self, arranged: arena.Arranged, more: int):
        program = arranged.program
        self.program = replace(program, arena_bytes=arranged.arena.bytes + more)
        self.steps = [step for parts in arranged.steps for step in parts]
        self.inputs = [plan.Port(tensor, 0.0, 0) for tensor in program.inputs]
        self.outputs = [plan.Port(tensor, 0.0, 0) for tensor in program.outputs]


@pytest.mark.parametrize("seed", range(6))
def test_random_moves(seed):
    """Replayed byte by byte, whatever the check lets pass computes what the program means."""
    rng = random.Random(seed)
    refused = passed = shared = 0
    for _ in range(15):
        writer = Writer(rng)
        program = writer.program()
        found = fitted(program, described(program))
        given = [rng.randbytes(tensor.bytes) for tensor in program.inputs]
        for _ in range(25):
            number = rng.randrange(len(found.placement.addresses))
            by = rng.choice((-16, -8, -4, -3, -1, 0, 1, 2, 4, 8, 12, 16))
            try:
                arranged = moved(found, number, by)
                overlaps = checked(arranged, 32)
            except PlanError:
                refused += 1
                continue
            assert run(Made(arranged, 32), given) == writer.meaning(given)
            passed += 1
            shared += len(overlaps)
    assert min(refused, passed, shared) > 20
