# SPDX-License-Identifier: Apache-2.0
"""The order with the least peak of live bytes."""

import random
from itertools import permutations

import pytest
from cortex_m_plan import choice, elision, order, spread
from cortex_m_plan.order import graph as graphs
from cortex_m_plan.order.graph import Graph, Item, Saving
from cortex_m_plan.order.memory import graph, waits
from cortex_m_plan.order.search import search
from cortex_m_plan.step import Step
from rewriting import bound, decoded, moved, outcome, shuffled
from support import Draft
from test_elision_random import Writer, computed, described


def random_graph(rng: random.Random, count: int) -> Graph:
    """Calls that read some results of earlier ones, with a saving here and there."""
    readers = [0] * (count + 1)
    before, read = [], []
    for call in range(count):
        sources = {rng.randint(-1, call - 1) for _ in range(rng.randint(1, 2))}
        before.append(sum(1 << source for source in sources if source >= 0))
        read.append(sources)
        for source in sources:
            readers[source] |= 1 << call
    readers[count - 1] |= 1 << count
    items = [Item(rng.choice([1, 2, 4, 8, 16]), call, readers[call]) for call in range(-1, count)]
    ways = []
    for call in range(count):
        saved = {
            source + 1: rng.choice([0, 1, items[source + 1].bytes])
            for source in read[call]
            if rng.random() < 0.4
        }
        ways.append([Saving(rng.choice([0, 1, 3]), {}), Saving(rng.choice([0, 2, 5]), saved)])
    return Graph(before, items, ways)


def possible(seen: Graph):
    """All orders that a graph allows."""
    for calls in permutations(range(seen.count)):
        done = 0
        for call in calls:
            if seen.before[call] & ~done:
                break
            done |= 1 << call
        else:
            yield calls


@pytest.mark.parametrize("seed", range(6))
def test_no_order_is_better(seed):
    rng = random.Random(seed)
    better = 0
    for _ in range(12):
        seen = random_graph(rng, rng.randint(4, 7))
        peaks = {calls: seen.peak(calls) for calls in possible(seen)}
        found = search(seen)
        assert found.optimal
        assert found.peak == min(peaks.values()) == peaks[found.calls]
        own = tuple(range(seen.count))
        better += found.calls != own
        assert (found.calls == own) == (peaks[own] == found.peak)
    assert better


@pytest.mark.parametrize("seed", range(4))
def test_with_too_many_states(seed):
    """An order that holds, no worse than the program's, and the same one every time."""
    rng = random.Random(seed)
    better = 0
    for _ in range(6):
        seen = random_graph(rng, 30)
        found = search(seen, states=3, width=8)
        assert found == search(seen, states=3, width=8)
        own = seen.peak(range(seen.count))
        assert found.peak == seen.peak(found.calls) <= own
        assert sorted(found.calls) == list(range(seen.count))
        done = 0
        for call in found.calls:
            assert not seen.before[call] & ~done
            done |= 1 << call
        better += found.peak < own
    assert better


def test_what_a_call_costs():
    """Input of 8 bytes, output of 4, scratch 1 or 3; the second way saves 3 bytes if it dies."""
    items = [Item(8, graphs.START, 0b01), Item(4, 0, 0b10), Item(2, graphs.START, 0b10)]
    seen = Graph([0, 1], items, [[Saving(1, {}), Saving(3, {0: 4})], [Saving(0, {})]])
    assert seen.given == 10
    assert seen.after(0, 0, 10) == (10 + 4 + 3 - 4, 6)
    assert seen.peak([0, 1]) == 13


def chosen(step: Step) -> Step:
    return step


@pytest.mark.parametrize("seed", range(5))
def test_random_programs(seed):
    """In another order and thrown about, programs compute the same values."""
    rng = random.Random(seed)
    changed = 0
    for _ in range(60):
        writer = Writer(rng)
        program = writer.program()
        calls, steps, planned = bound(program, described(program))
        apart = spread.spread(program, calls, planned)
        program, calls, steps, planned = moved(apart, program, calls)
        if rng.random() < 0.7:
            without = elision.elide(program, calls, steps, planned)
            program, calls, steps, planned = moved(without, program, calls)
        seen = graph(calls, steps, planned)
        ordered = order.reorder(program, calls, steps, planned, chosen)
        changed += ordered.changed
        if ordered.changed:
            numbers = [call.instruction.index for call in ordered.calls]
            assert [item.index for item in ordered.program.instructions] == numbers
            assert seen.peak(numbers) < seen.peak(range(len(numbers)))
        program, _, steps, _ = shuffled(rng, ordered.program, ordered.calls, ordered.planned)
        given = [rng.randbytes(tensor.bytes) for tensor in program.inputs]
        assert outcome(program, steps, given, computed) == writer.meaning(given)
    assert changed > 5


@pytest.mark.parametrize("seed", range(3))
def test_any_order_that_the_graph_allows(seed):
    """What the calls wait for is all that they have to wait for."""
    rng = random.Random(seed)
    for _ in range(60):
        writer = Writer(rng)
        program = writer.program()
        calls, steps, planned = bound(program, described(program))
        apart = spread.spread(program, calls, planned)
        program, calls, steps, planned = moved(apart, program, calls)
        program, calls, steps, planned = moved(
            elision.elide(program, calls, steps, planned), program, calls
        )
        before, left, done = waits(calls, planned), set(range(len(calls))), 0
        other = []
        while left:
            ready = [call for call in sorted(left) if not before[call] & ~done]
            call = rng.choice(ready)
            left.remove(call)
            done |= 1 << call
            other.append(steps[call])
        given = [rng.randbytes(tensor.bytes) for tensor in program.inputs]
        assert outcome(program, other, given, computed) == writer.meaning(given)


def breadth_first(draft: Draft) -> Draft:
    """Three wide branches from one input, begun one after another, then finished."""
    source = draft.tensor([4, 64])
    wide = [draft.tensor([4, 64]) for _ in range(3)]
    narrow = [draft.tensor([4, 4]) for _ in range(3)]
    for out in wide:
        draft.call("aten::clamp", source, (-9,), (9,), out=out)
    for one, out in zip(wide, narrow, strict=True):
        draft.call("aten::slice_copy.Tensor_out", one, (1,), (0,), (4,), (1,), out=out)
    target = draft.tensor([12, 4])
    draft.call("aten::cat", draft.tensors(narrow), (0,), out=target)
    draft.inputs, draft.outputs = [source], [target]
    return draft


def test_depth_first(tmp_path):
    program = decoded(breadth_first(Draft()), tmp_path)
    calls, _, planned = bound(program, described(program))
    apart = spread.spread(program, calls, planned)
    ordered = order.reorder(*moved(apart, program, calls), chosen)
    numbers = [call.instruction.index for call in ordered.calls]
    assert numbers == [0, 3, 1, 4, 2, 5, 6]
    # Moments are places in the new order.
    spans = {b.tensor.id: (b.first, b.last) for b in ordered.planned.buffers}
    assert spans[program.instructions[1].arguments[-1].id] == (2, 3)


def test_a_plan_in_another_order(planned, tmp_path):
    """Steps keep the numbers of their instructions, and stand in the order in which they run."""
    steps = planned(breadth_first(Draft()))
    assert [step["index"] for step in steps][:3] == [0, 3, 1]
    text = (tmp_path / "out" / "m_plan.c").read_text()
    calls = text[text.index("void m_run(void) {") :]
    assert calls.index("m_step_3()") < calls.index("m_step_1()")


def test_a_chain_is_not_asked_for_kernels(tmp_path):
    draft = Draft()
    source = draft.tensor([4, 4])
    last = source
    for _ in range(3):
        last = draft.call("aten::clamp", last, (-9,), (9,), out=draft.tensor([4, 4]))
    draft.inputs, draft.outputs = [source], [last]
    program = decoded(draft, tmp_path)
    calls, _, planned = bound(program, described(program))
    asked = []
    ordered = order.reorder(
        *moved(spread.spread(program, calls, planned), program, calls),
        lambda step: asked.append(step) or step,
    )
    assert not ordered.changed
    assert not asked


def test_an_overwritten_number_is_waited_for(tmp_path):
    """A tensor that is written twice: the second time after the first value's last reader."""
    draft = Draft()
    source = draft.tensor([4, 4])
    twice, first, second = (draft.tensor([4, 4]) for _ in range(3))
    for out in (first, second):
        draft.call("aten::clamp", source, (-9,), (9,), out=twice)
        draft.call("aten::clamp", twice, (-9,), (9,), out=out)
    draft.inputs, draft.outputs = [source], [first, second]
    program = decoded(draft, tmp_path)
    calls, _, planned = bound(program, described(program))
    _, calls, _, planned = moved(spread.spread(program, calls, planned), program, calls)
    assert waits(calls, planned)[2] & 0b11 == 0b11


def test_ways_of_kernels_are_in_the_peak(tmp_path):
    """An elementwise operator whose input dies takes no bytes for its output."""
    draft = Draft()
    source = draft.tensor([4, 4])
    target = draft.call("aten::clamp", source, (-9,), (9,), out=draft.tensor([4, 4]))
    draft.inputs, draft.outputs = [source], [target]
    program = decoded(draft, tmp_path)
    calls, steps, planned = bound(program, described(program))
    made = [
        tuple(choice.chosen(step, "mve", program.constants) for step in parts) for parts in steps
    ]
    assert graph(calls, made, planned).peak([0]) == 16
    assert graph(calls, steps, planned).peak([0]) == 32
