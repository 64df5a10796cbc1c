# SPDX-License-Identifier: Apache-2.0
"""Lifetimes in the arena, views, and memory plans that do not hold."""

import json

from support import NHWC, Draft, ends, identity, plan

NUMBERS = ((0.5,), (3,), (-128,), (127,), (1,))


def chain(draft: Draft, *places: int) -> Draft:
    """Input, quantized, clamped once per place, dequantized."""
    source = draft.tensor([1, 16], "FLOAT", at=0)
    last = draft.tensor([1, 16], at=64)
    draft.call("cortex_m::quantize_per_tensor", source, *NUMBERS, out=last)
    for place in places:
        copy = draft.tensor([1, 16], at=place)
        draft.call("aten::clamp", last, (-9,), (9,), out=copy)
        last = copy
    target = draft.tensor([1, 16], "FLOAT", at=256)
    draft.call("cortex_m::dequantize_per_tensor", last, *NUMBERS, out=target)
    return ends(draft, source, target)


def buffers(tmp_path):
    listing = json.loads((tmp_path / "out" / "m_plan.json").read_text())
    return {item["id"]: item for item in listing["memory"]}


def test_lifetimes(planned, tmp_path):
    planned(chain(Draft(), 0, 64))
    found = buffers(tmp_path)
    spans = [(item["kind"], item["first"], item["last"]) for item in found.values()]
    assert spans == [
        ("input", -1, 0),
        ("activation", 0, 1),
        ("activation", 1, 2),
        ("activation", 2, 3),
        ("output", 3, 4),
    ]


def test_partial_overlap(refused):
    message = refused(chain(Draft(), 72))
    assert "two tensors live in the same bytes at instruction 1" in message


def test_output_over_a_live_input(refused):
    draft = identity()
    place = draft.values[1]["val"]["allocation_info"]
    place["memory_offset_low"] = 0
    assert "live in the same bytes at instruction 0" in refused(draft)


def test_inputs_that_overlap(refused):
    draft = Draft()
    one, other = draft.tensor([1, 16], at=0), draft.tensor([1, 16], at=8)
    target = draft.tensor([1, 16])
    draft.call("aten::clone", one, (None,), out=target)
    draft.inputs, draft.outputs = [one, other], [target]
    assert "nothing wrote it" in refused(draft)


def test_read_of_nothing(refused):
    draft = Draft()
    source, never, target = (draft.tensor([1, 16]) for _ in range(3))
    draft.call("aten::clone", never, (None,), out=target)
    message = refused(ends(draft, source, target))
    assert "is read where nothing wrote it" in message
    assert "instruction 0, aten::clone.out" in message


def test_output_that_is_never_written(refused):
    draft = identity()
    draft.outputs.append(draft.tensor([1, 4], "FLOAT"))
    assert "after the last instruction" in refused(draft)


def test_scratch_over_a_live_tensor(refused):
    draft = Draft()
    source = draft.tensor([1, 2, 4, 4], "CHAR", NHWC, at=0)
    scratch = draft.tensor([64], "BYTE", at=16)
    target = draft.tensor([1, 2, 2, 2], "CHAR", NHWC, at=128)
    windows = (([2, 2],), ([2, 2],), ([0, 0],))
    draft.call(
        "cortex_m::quantized_avg_pool2d",
        source, *windows, (False,), (0,), (1 << 30,), (0,), scratch, out=target,
    )  # fmt: skip
    assert "live in the same bytes" in refused(ends(draft, source, target))


def view(draft: Draft, order: list[int], sizes: tuple[int, ...] = (1, 2, 3, 4)) -> Draft:
    """A 4-D tensor that is then read as a matrix of the same bytes."""
    source = draft.tensor(list(sizes), "CHAR", order)
    written = draft.tensor(list(sizes), "CHAR", order)
    place = draft.values[written]["val"]["allocation_info"]["memory_offset_low"]
    seen = draft.tensor([2, 12], at=place)
    target = draft.tensor([2, 12])
    draft.call("aten::clamp", source, (-9,), (9,), out=written)
    draft.call("aten::clamp", seen, (-9,), (9,), out=target)
    return ends(draft, source, target)


def test_view(planned, tmp_path):
    planned(view(Draft(), [0, 1, 2, 3]))
    assert buffers(tmp_path)[1]["views"] == [2]
    assert buffers(tmp_path)[1]["last"] == 1


def test_view_of_channels_last(refused):
    """Its bytes are not in the order of the logical indices, which is what a view means."""
    message = refused(view(Draft(), NHWC))
    assert "is a view of %1" in message
    assert ".contiguous()" in message


def test_view_of_one_channel(planned):
    planned(view(Draft(), NHWC, (1, 1, 6, 4)))


def test_quantization_is_found_through_copies_and_views(tmp_path):
    draft = Draft()
    source = draft.tensor([1, 2, 3, 4], "FLOAT", NHWC)
    turned = draft.tensor([1, 2, 3, 4], "FLOAT")
    place = draft.values[turned]["val"]["allocation_info"]["memory_offset_low"]
    flat = draft.tensor([1, 24], "FLOAT", at=place)
    inside = draft.tensor([1, 24])
    back = draft.tensor([1, 24], "FLOAT")
    target = draft.tensor([24], "FLOAT")
    draft.call("aten::clone", source, (None,), out=turned)
    draft.call("cortex_m::quantize_per_tensor", flat, *NUMBERS, out=inside)
    numbers = ((0.25,), (-9,), (-128,), (127,), (1,))
    draft.call("cortex_m::dequantize_per_tensor", inside, *numbers, out=back)
    draft.call("aten::view_copy", back, ([24],), out=target)
    assert plan(ends(draft, source, target).write(tmp_path), tmp_path / "out") == 0
    listing = json.loads((tmp_path / "out" / "m_plan.json").read_text())
    (given,), (wanted,) = listing["inputs"], listing["outputs"]
    assert (given["scale"], given["zero_point"]) == (0.5, 3)
    assert (wanted["scale"], wanted["zero_point"]) == (0.25, -9)
    header = (tmp_path / "out" / "m.h").read_text()
    assert "#define M_INPUT_0_SCALE 0.5f" in header
    assert "#define M_OUTPUT_0_ZERO_POINT (-9)" in header


def test_int8_ends_have_no_scale(planned, tmp_path):
    draft = Draft()
    source, target = draft.tensor([1, 16]), draft.tensor([1, 16])
    draft.call("aten::clone", source, (None,), out=target)
    planned(ends(draft, source, target))
    assert "#define M_INPUT_0_SCALE 0.0f" in (tmp_path / "out" / "m.h").read_text()
