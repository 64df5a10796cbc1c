# SPDX-License-Identifier: Apache-2.0
"""Tensors at addresses of their own: what moves together, and that programs keep their meaning."""

import random
from itertools import pairwise

import pytest
from cortex_m_plan import elision, spread
from rewriting import bound, decoded, moved, outcome, shuffled
from support import Draft, ends
from test_elision_random import Writer, computed, described


@pytest.fixture
def groups(tmp_path):
    """The groups of a draft."""

    def run(draft: Draft):
        program = decoded(draft, tmp_path)
        calls, _, planned = bound(program, described(program))
        return spread.groups(program, calls, planned)

    return run


@pytest.mark.parametrize("seed", range(5))
def test_random_programs(seed):
    """Spread, without copies, and thrown about: the values are the same."""
    rng = random.Random(seed)
    rigid = 0
    for _ in range(60):
        writer = Writer(rng)
        program = writer.program()
        calls, _, planned = bound(program, described(program))
        apart = spread.spread(program, calls, planned)
        program, calls, steps, planned = moved(apart, program, calls)
        without = elision.elide(program, calls, steps, planned)
        program, calls, steps, planned = moved(without, program, calls)
        rigid += sum(group.rigid for group in spread.groups(program, calls, planned))
        program, calls, steps, planned = shuffled(rng, program, calls, planned)
        given = [rng.randbytes(tensor.bytes) for tensor in program.inputs]
        assert outcome(program, steps, given, computed) == writer.meaning(given)
    assert rigid > 30


def test_nothing_shares_bytes_that_need_not():
    rng = random.Random(7)
    for _ in range(60):
        program = Writer(rng).program()
        calls, _, planned = bound(program, described(program))
        program, calls, _, planned = moved(spread.spread(program, calls, planned), program, calls)
        found = spread.groups(program, calls, planned)
        extents = sorted(
            (group.buffers[0][0].tensor.offset - group.buffers[0][1], group.bytes)
            for group in found
        )
        assert all(start + size <= following for (start, size), (following, _) in pairwise(extents))
        assert sum(len(group.buffers) for group in found) == len(planned.buffers)
        assert program.arena_bytes == sum(-(-size // 16) * 16 for _, size in extents)


def test_views_stay_where_they_are(groups):
    """A tensor that nothing writes under its own name is read where the other one lies."""
    draft = Draft()
    source = draft.tensor([4, 4])
    written = draft.tensor([4, 4], at=64)
    seen = draft.tensor([16], at=64)
    target = draft.tensor([16])
    draft.call("aten::clamp", source, (-9,), (9,), out=written)
    draft.call("aten::clamp", seen, (-9,), (9,), out=target)
    found = groups(ends(draft, source, target))
    (group,) = [group for group in found if written in group.tensors]
    assert group.tensors == {written: 0, seen: 0}
    assert not group.rigid


def test_a_number_that_is_written_twice_is_one_group(groups):
    draft = Draft()
    source = draft.tensor([16])
    twice, first, second = (draft.tensor([16]) for _ in range(3))
    for out in (first, second):
        draft.call("aten::clamp", source, (-9,), (9,), out=twice)
        draft.call("aten::clamp", twice, (-9,), (9,), out=out)
    draft.inputs, draft.outputs = [source], [first, second]
    found = groups(draft)
    (group,) = [group for group in found if twice in group.tensors]
    assert [at for _, at in group.buffers] == [0, 0]


def test_alignment(groups):
    """Of tensors that of their type."""
    draft = Draft()
    source = draft.tensor([1, 4], "FLOAT")
    inside = draft.tensor([1, 4])
    draft.call(
        "cortex_m::quantize_per_tensor", source, (0.1,), (3,), (-128,), (127,), (1,), out=inside
    )
    found = groups(ends(draft, source, inside))
    assert [group.alignment for group in found] == [4, 1]
