# SPDX-License-Identifier: Apache-2.0
"""Copies that the memory plan makes unnecessary."""

import json
import re

import pytest
from cortex_m_plan import container, decode, flatbuffer, memory, operators, plan, report
from support import FLATC, NHWC, SCHEMA, Draft, ends

READ = "read where its source lies"
WRITTEN = "its source is written where the result lies"
FLASH = "read from flash, where its source lies"
PLANNED = "planned where its source is"


def clamp(draft: Draft, source: int, sizes: list[int], at: int | None = None, **more) -> int:
    """Anything that computes."""
    return draft.call("aten::clamp", source, (-9,), (9,), out=draft.tensor(sizes, at=at, **more))


def vanished(steps) -> list[str | None]:
    return [step["vanished"] for step in steps]


@pytest.fixture
def listing(planned, tmp_path):
    def run(draft: Draft):
        steps = planned(draft)
        whole = json.loads((tmp_path / "out" / "m_plan.json").read_text())
        for step in steps:
            assert (step["kernel"] is None) == (step["vanished"] is not None)
        return steps, whole

    return run


@pytest.fixture
def in_place(tmp_path):
    """Why copies vanish where all tensors lie as the program has planned them."""

    def run(draft: Draft) -> list[str | None]:
        path = draft.write(tmp_path)
        file, side = container.read(path), report.read(path.with_suffix(".json"))
        program = decode.decode(file, flatbuffer.tables(file, FLATC, SCHEMA))
        calls = [operators.call(program, side, item) for item in program.instructions]
        steps = [operators.steps(call) for call in calls]
        planned = memory.analyse(program, calls, steps)
        _, _, steps, _, elided = plan._without_copies(program, calls, steps, planned)
        made = [step for parts in steps for step in parts]
        gone = plan._vanished(elided, made)
        return [gone.get((step.instruction.index, step.part)) for step in made]

    return run


def clone(draft: Draft, source: int, sizes: list[int], at: int | None = None) -> int:
    return draft.call("aten::clone", source, (None,), out=draft.tensor(sizes, at=at))


def test_a_reshape_is_read_where_its_source_lies(listing):
    draft = Draft()
    source = draft.tensor([2, 8])
    inside = clamp(draft, source, [2, 8])
    flat = draft.call("aten::view_copy", inside, ([16],), out=draft.tensor([16]))
    steps, whole = listing(ends(draft, source, clamp(draft, flat, [16])))
    assert vanished(steps) == [None, READ, None]
    # One value less, and it lives for as long as the copy did.
    kept = [item for item in whole["memory"] if item["id"] == inside]
    assert (kept[0]["first"], kept[0]["last"], kept[0]["views"]) == (0, 2, [flat])
    assert not [item for item in whole["memory"] if item["id"] == flat]


def test_planned_in_place(listing):
    draft = Draft()
    source = draft.tensor([16])
    inside = clamp(draft, source, [16], at=64)
    steps, _ = listing(ends(draft, source, clamp(draft, clone(draft, inside, [16], 64), [16])))
    assert vanished(steps) == [None, PLANNED, None]


def test_the_source_is_overwritten_too_early(listing, in_place):
    """The reader of the copy writes where the source was; the copy's own place is free before."""
    draft = Draft()
    source = draft.tensor([16], at=0)
    inside = clamp(draft, source, [16], at=64)
    copy = clone(draft, inside, [16], at=128)
    draft = ends(draft, source, clamp(draft, copy, [16], at=64))
    assert in_place(draft) == [None, WRITTEN, None]
    # With addresses of their own nothing is in the way.
    assert vanished(listing(draft)[0]) == [None, READ, None]


def test_neither_place_is_free(listing, in_place):
    draft = Draft()
    source = draft.tensor([16], at=128)
    inside = clamp(draft, source, [16], at=64)
    copy = clone(draft, inside, [16], at=128)
    draft = ends(draft, source, clamp(draft, copy, [16], at=64))
    assert in_place(draft) == [None, None, None]
    assert vanished(listing(draft)[0]) == [None, READ, None]


def test_an_input_is_not_made_an_output(listing):
    draft = Draft()
    source = draft.tensor([16])
    steps, _ = listing(ends(draft, source, clone(draft, source, [16])))
    assert steps[0]["kernel"] == "memcpy"


def test_an_output_is_written_at_once(listing):
    draft = Draft()
    source = draft.tensor([16])
    inside = clamp(draft, source, [16])
    steps, whole = listing(ends(draft, source, clone(draft, inside, [16])))
    assert vanished(steps) == [None, READ]
    inside_at = next(item for item in whole["memory"] if item["id"] == inside)["offset"]
    assert whole["outputs"][0]["offset"] == inside_at


def test_slices_of_the_outermost_dimension(listing):
    draft = Draft()
    source = draft.tensor([4, 8])
    inside = clamp(draft, source, [4, 8])
    parts = draft.call(
        "aten::split_with_sizes_copy", inside, ([1, 3],), (0,),
        out=[draft.tensor([1, 8]), draft.tensor([3, 8])],
    )  # fmt: skip
    row = draft.call("aten::select_copy.int_out", parts[1], (0,), (2,), out=draft.tensor([8]))
    draft.inputs, draft.outputs = [source], [clamp(draft, parts[0], [1, 8]), clamp(draft, row, [8])]
    steps, whole = listing(draft)
    assert vanished(steps) == [None, READ, READ, READ, None, None]
    assert [step["part"] for step in steps] == [0, 0, 1, 0, 0, 0]
    lives = {item["id"]: (item["offset"], item["first"], item["last"]) for item in whole["memory"]}
    start = lives[inside][0]
    # What is not read any more is free, although a part of it still is.
    assert lives[inside][1:] == (0, 1)
    assert lives[parts[0]] == (start, 1, 3)
    assert lives[row] == (start + 24, 2, 4)


def test_what_is_left_of_a_split_source_is_free(listing):
    draft = Draft()
    source = draft.tensor([2, 16], at=0)
    inside = clamp(draft, source, [2, 16], at=32)
    halves = draft.call(
        "aten::split_copy.Tensor_out", inside, (1,), (0,),
        out=[draft.tensor([1, 16], at=64), draft.tensor([1, 16], at=80)],
    )  # fmt: skip
    first = clamp(draft, halves[0], [1, 16], at=96)
    second = clamp(draft, first, [1, 16], at=32)  # where the first half was
    draft.inputs, draft.outputs = [source], [second, clamp(draft, halves[1], [1, 16])]
    steps, _ = listing(draft)
    assert vanished(steps) == [None, READ, READ, None, None, None]


def test_slices_of_an_inner_dimension_are_copied(listing):
    draft = Draft()
    source = draft.tensor([4, 8])
    steps, _ = listing(
        ends(
            draft,
            source,
            draft.call(
                "aten::slice_copy.Tensor_out", source, (1,), (2,), (6,), (1,),
                out=draft.tensor([4, 4]),
            ),
        )
    )  # fmt: skip
    assert steps[0]["kernel"] == "cortex_m_permute_copy"
    assert steps[0]["parameters"]["output_dims"][:2] == [4, 4]
    assert steps[0]["parameters"]["input_strides"][:2] == [8, 1]


def test_a_constant_is_read_from_flash(listing, tmp_path):
    draft = Draft()
    source = draft.tensor([2, 3, 4, 5], "FLOAT")
    table = draft.constant([24, 5], "FLOAT")
    part = draft.call(
        "aten::slice_copy.Tensor_out", table, (0,), (4,), (None,), (1,),
        out=draft.tensor([20, 5], "FLOAT"),
    )  # fmt: skip
    shape = draft.call(
        "aten::view_copy", part, ([1, 1, 4, 25],), out=draft.tensor([1, 1, 4, 25], "FLOAT")
    )
    target = draft.tensor([1, 1, 4, 25], "FLOAT")
    draft.call("aten::abs", shape, out=target)
    ends(draft, source, target)
    steps, _ = listing(draft)
    assert vanished(steps) == [FLASH, FLASH, None]
    source = (tmp_path / "out" / "m_plan.c").read_text()
    assert re.search(r"\(const float \*\)\(cortex_m_constant_\w+ \+ 80\)", source)


def test_a_constant_that_is_an_output_is_copied(listing):
    draft = Draft()
    source = draft.tensor([4])
    table = draft.constant([4])
    steps, _ = listing(ends(draft, source, clone(draft, table, [4])))
    assert steps[0]["kernel"] == "memcpy"


def test_parts_of_a_cat_are_written_in_their_places(listing):
    draft = Draft()
    one, other = draft.tensor([2, 8]), draft.tensor([1, 8])
    parts = [clamp(draft, one, [2, 8]), clamp(draft, other, [1, 8])]
    joined = draft.call("aten::cat", draft.tensors(parts), (0,), out=draft.tensor([3, 8]))
    draft.inputs, draft.outputs = [one, other], [clamp(draft, joined, [3, 8])]
    steps, whole = listing(draft)
    assert vanished(steps) == [None, None, WRITTEN, WRITTEN, None]
    places = {item["id"]: item["offset"] for item in whole["memory"]}
    assert places[parts[1]] == places[parts[0]] + 16
    assert joined not in places


def test_a_part_of_a_cat_that_is_an_other_ones_too(listing):
    """One tensor cannot be in two places; the other one is copied."""
    draft = Draft()
    source = draft.tensor([2, 8])
    part = clamp(draft, source, [2, 8])
    joined = draft.call("aten::cat", draft.tensors([part, part]), (0,), out=draft.tensor([4, 8]))
    steps, whole = listing(ends(draft, source, clamp(draft, joined, [4, 8])))
    assert vanished(steps) == [None, WRITTEN, None, None]
    assert steps[2]["kernel"] == "memcpy"
    lives = [(item["id"], item["first"], item["last"]) for item in whole["memory"]]
    assert (part, 0, 2) in lives
    assert (joined, 1, 2) in lives


def test_cat_of_channels_last_is_by_rows(listing):
    draft = Draft()
    parts = [draft.tensor([1, 2, 3, 3], "CHAR", NHWC), draft.tensor([1, 4, 3, 3], "CHAR", NHWC)]
    target = draft.tensor([1, 6, 3, 3], "CHAR", NHWC)
    draft.call("aten::cat", draft.tensors(parts), (1,), out=target)
    draft.inputs, draft.outputs = parts, [target]
    steps, _ = listing(draft)
    assert [step["kernel"] for step in steps] == ["cortex_m_permute_copy"] * 2
    assert steps[1]["parameters"]["output_dims"][:2] == [9, 4]
    assert steps[1]["parameters"]["output_strides"][:2] == [6, 1]


def test_a_reshape_of_a_cat_of_slices(listing):
    """Copies of copies: all of them in one place."""
    draft = Draft()
    source = draft.tensor([4, 8])
    inside = clamp(draft, source, [4, 8])
    halves = draft.call(
        "aten::split_copy.Tensor_out", inside, (2,), (0,),
        out=[draft.tensor([2, 8]), draft.tensor([2, 8])],
    )  # fmt: skip
    moved = [clamp(draft, half, [2, 8]) for half in halves]
    joined = draft.call("aten::cat", draft.tensors(moved), (0,), out=draft.tensor([4, 8]))
    flat = draft.call("aten::view_copy", joined, ([32],), out=draft.tensor([32]))
    steps, _ = listing(ends(draft, source, clamp(draft, flat, [32])))
    assert vanished(steps) == [None, READ, READ, None, None, WRITTEN, WRITTEN, READ, None]


def test_quantization_is_found_although_the_copies_are_gone(listing):
    draft = Draft()
    source, inside = draft.tensor([2, 4], "FLOAT"), draft.tensor([8])
    flat = draft.call("aten::view_copy", source, ([8],), out=draft.tensor([8], "FLOAT"))
    numbers = ((0.5,), (3,), (-128,), (127,), (1,))
    draft.call("cortex_m::quantize_per_tensor", flat, *numbers, out=inside)
    steps, whole = listing(ends(draft, source, inside))
    assert vanished(steps) == [READ, None]
    assert (whole["inputs"][0]["scale"], whole["inputs"][0]["zero_point"]) == (0.5, 3)


def test_a_part_of_an_input_has_a_scale_of_its_own(listing):
    draft = Draft()
    source, inside = draft.tensor([2, 4], "FLOAT"), draft.tensor([1, 4])
    part = draft.call(
        "aten::slice_copy.Tensor_out", source, (0,), (0,), (1,), (1,),
        out=draft.tensor([1, 4], "FLOAT"),
    )  # fmt: skip
    numbers = ((0.5,), (3,), (-128,), (127,), (1,))
    draft.call("cortex_m::quantize_per_tensor", part, *numbers, out=inside)
    steps, whole = listing(ends(draft, source, inside))
    assert vanished(steps) == [READ, None]
    assert whole["inputs"][0]["scale"] == 0.0


UNREAD = "undone by the copies that read it"


def turn(
    draft: Draft, source: int, sizes: list[int], dims: list[int], at: int | None = None
) -> int:
    return draft.call("aten::permute_copy", source, (dims,), out=draft.tensor(sizes, at=at))


def test_permuted_there_and_back(listing):
    draft = Draft()
    source = draft.tensor([2, 3, 4])
    inside = clamp(draft, source, [2, 3, 4])
    back = turn(draft, turn(draft, inside, [4, 2, 3], [2, 0, 1]), [2, 3, 4], [1, 2, 0])
    steps, whole = listing(ends(draft, source, clamp(draft, back, [2, 3, 4])))
    assert vanished(steps) == [None, UNREAD, READ, None]
    assert len(whole["memory"]) == 3


def test_permuted_back_into_the_place_of_the_source(listing, in_place):
    """The usual plan: the source is dead after the first one, and its bytes are used again."""
    draft = Draft()
    source = draft.tensor([2, 3, 4], at=0)
    inside = clamp(draft, source, [2, 3, 4], at=32)
    there = turn(draft, inside, [4, 2, 3], [2, 0, 1], at=0)
    back = turn(draft, there, [2, 3, 4], [1, 2, 0], at=32)
    draft = ends(draft, source, clamp(draft, back, [2, 3, 4], at=0))
    assert in_place(draft) == [None, UNREAD, PLANNED, None]
    assert vanished(listing(draft)[0]) == [None, UNREAD, READ, None]


def test_squeezed_and_permuted_into_order(listing):
    """A row of channels-last pixels: squeezing turns it over, the permutation turns it back."""
    draft = Draft()
    source = draft.tensor([1, 5, 1, 7], "CHAR", NHWC)
    inside = clamp(draft, source, [1, 5, 1, 7], order=NHWC)
    row = draft.call("aten::squeeze_copy.dims_out", inside, ([2],), out=draft.tensor([1, 5, 7]))
    steps, _ = listing(
        ends(draft, source, clamp(draft, turn(draft, row, [1, 7, 5], [0, 2, 1]), [1, 7, 5]))
    )
    assert vanished(steps) == [None, UNREAD, READ, None]


def test_an_undone_copy_that_is_read_elsewhere_stays(listing):
    draft = Draft()
    source = draft.tensor([2, 3])
    inside = clamp(draft, source, [2, 3])
    there = turn(draft, inside, [3, 2], [1, 0])
    back = clamp(draft, turn(draft, there, [2, 3], [1, 0]), [2, 3])
    draft.inputs, draft.outputs = [source], [back, clamp(draft, there, [3, 2])]
    steps, _ = listing(draft)
    assert vanished(steps) == [None, None, READ, None, None]


def test_a_copy_is_not_undone_by_another_permutation(listing):
    draft = Draft()
    source = draft.tensor([2, 3, 4])
    inside = clamp(draft, source, [2, 3, 4])
    again = turn(draft, turn(draft, inside, [4, 2, 3], [2, 0, 1]), [3, 4, 2], [2, 0, 1])
    steps, _ = listing(ends(draft, source, clamp(draft, again, [3, 4, 2])))
    assert vanished(steps) == [None, None, None, None]


def test_an_undone_copy_whose_source_is_gone_stays(listing, in_place):
    draft = Draft()
    source = draft.tensor([2, 3], at=0)
    inside = clamp(draft, source, [2, 3], at=32)
    there = turn(draft, inside, [3, 2], [1, 0], at=0)
    other = clamp(draft, there, [3, 2], at=32)
    back = turn(draft, there, [2, 3], [1, 0], at=64)
    draft.inputs, draft.outputs = [source], [clamp(draft, back, [2, 3], at=128), other]
    assert in_place(draft) == [None, None, None, None, None]
    # With addresses of their own the source is still there.
    assert vanished(listing(draft)[0]) == [None, None, None, READ, None]


TURNED = "read from flash in the order in which it lies there"


def product(draft: Draft, operator: str = "aten::mm", *, bias: bool = False) -> Draft:
    """A linear layer as it reaches the program: 2x3 times the permuted 4x3 weight."""
    source, target = draft.tensor([2, 3], "FLOAT"), draft.tensor([2, 4], "FLOAT")
    turned = draft.tensor([3, 4], "FLOAT")
    draft.call("aten::permute_copy", draft.constant([4, 3], "FLOAT"), ([1, 0],), out=turned)
    if bias:
        factors = ((1,), (1,))
        draft.call(operator, draft.constant([4], "FLOAT"), source, turned, *factors, out=target)
    else:
        draft.call(operator, source, turned, out=target)
    return ends(draft, source, target)


@pytest.mark.parametrize(("operator", "bias"), [("aten::mm", False), ("aten::addmm", True)])
def test_a_weight_is_read_as_it_lies(listing, operator, bias):
    steps, whole = listing(product(Draft(), operator, bias=bias))
    assert vanished(steps) == [TURNED, None]
    parameters = steps[1]["parameters"]
    assert (parameters["other_inner_stride"], parameters["other_column_stride"]) == (1, 3)
    assert whole["constants"]["dropped_bytes"] == 0


def test_a_weight_that_others_read_is_permuted(listing):
    draft = product(Draft())
    turned = draft.instructions[0]["instr_args"]["args"][-1]
    draft.outputs.append(draft.call("aten::abs", turned, out=draft.tensor([3, 4], "FLOAT")))
    steps, _ = listing(draft)
    assert vanished(steps) == [None, None, None]
