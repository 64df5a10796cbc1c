# SPDX-License-Identifier: Apache-2.0
"""The report as data: totals, rectangles, rows, the instructions of a run."""

import json

import pytest
import support
from cortex_m_report import arena, document
from cortex_m_report.errors import ReportError

_KEYS = {
    "format",
    "image",
    "core",
    "isa",
    "board",
    "regions",
    "flash",
    "ram",
    "stack",
    "models",
    "cycle_model",
}


def test_has_the_documented_keys_and_is_json():
    report = support.report()
    assert set(report) == _KEYS
    assert report["format"] == document.FORMAT
    assert json.loads(json.dumps(report)) == report


def test_flash_is_the_sum_of_its_groups_and_of_its_symbols():
    flash = support.report()["flash"]
    assert flash["bytes"] == 400 + 40 + 4 + 64 + 8
    assert sum(group["bytes"] for group in flash["groups"]) == flash["bytes"]
    assert sum(symbol["bytes"] for symbol in flash["symbols"]) == flash["bytes"]
    assert flash["capacity"] == 4096


def test_the_largest_comes_first_and_padding_is_one_entry_a_section():
    symbols = support.report()["flash"]["symbols"]
    sizes = [symbol["bytes"] for symbol in symbols]
    assert sizes == sorted(sizes, reverse=True)
    assert [s["bytes"] for s in symbols if s["group"] == "padding"] == [4]


def test_ram_is_arena_static_and_stack():
    ram = support.report()["ram"]
    assert (ram["arena"], ram["static"], ram["stack"]) == (160, 12, 512)
    assert ram["bytes"] == 160 + 12 + 512
    assert {symbol["group"] for symbol in ram["symbols"]} == {"arena", "static", "stack"}


def test_what_is_initialized_is_in_flash_and_in_ram():
    report = support.report()
    for part in ("flash", "ram"):
        assert "start" in {symbol["name"] for symbol in report[part]["symbols"]}


@pytest.mark.parametrize(("stack", "worst"), [(support.STACK, 132), (None, None)])
def test_the_stack_is_as_far_known_as_it_is(stack, worst):
    report = support.report(stack=stack)
    assert report["stack"]["reserved"] == 512
    assert report["stack"]["worst_case"] == worst


def test_a_rectangle_for_each_buffer_and_those_of_the_peak_marked():
    (model,) = support.report()["models"]
    boxes = model["boxes"]
    assert [box["name"] for box in boxes] == ["x", "scratch of conv", "conv", "y"]
    assert [box["peak"] for box in boxes] == [True, True, True, False]


def test_shared_bytes_are_found_and_the_kernels_reason_given():
    (model,) = support.report()["models"]
    (shared,) = model["shared"]
    assert (shared["input"], shared["output"]) == (2, 3)
    assert (shared["offset"], shared["bytes"]) == (0, 32)
    assert (shared["first"], shared["last"]) == (1, 1)
    assert "at least -8 are safe" in shared["why"]


def test_neighbours_in_time_or_space_share_nothing():
    plan = support.plan()
    plan["arena"]["overlaps"] = []
    plan["memory"][3]["first"] = 2
    assert arena.shared(plan, arena.boxes(plan)) == []
    plan["memory"][3] |= {"first": 1, "offset": 64}
    assert arena.shared(plan, arena.boxes(plan)) == []


def test_every_moment_has_a_label_even_without_a_step():
    plan = support.plan()
    plan["steps"][1]["moment"] = 2
    plan["memory"][3]["last"] = 3
    labels = [one["label"] for one in arena.moments(plan)]
    assert labels == ["inputs", "0 conv2d", "1 view", "2 softmax", "outputs"]


def test_a_row_says_what_a_step_costs():
    (model,) = support.report()["models"]
    first, second = model["steps"]
    assert (first["scratch"], first["program_scratch"]) == (32, 64)
    assert first["kernel_bytes"] == 400
    assert (first["table_bytes"], second["table_bytes"]) == (64, 0)
    assert first["fused"] == ["a pad"]
    assert second["overlaps"] == ["writes over its input, conv"]
    assert first["instructions"] is None


def test_a_profile_is_joined_by_symbol():
    report = support.report()
    document.add_profile(report, support.profile())
    (model,) = report["models"]
    assert (model["instructions"], model["runs"]) == (1000, 2)
    assert [row["instructions"] for row in model["steps"]] == [750, 200]
    assert [row["share"] for row in model["steps"]] == [0.75, 0.2]
    assert report["cycle_model"]["name"] == "a"


def test_each_of_several_models_gets_its_own_profile():
    report = support.report(support.plan("one"), support.plan("two"))
    document.add_profile(report, support.profile("two"))
    assert [model["instructions"] for model in report["models"]] == [None, 1000]


def test_a_profile_of_another_image_is_refused():
    with pytest.raises(ReportError, match="the profile is of //c:d, the report of //a:b"):
        document.add_profile(support.report(), support.profile() | {"image": "//c:d"})


def test_a_plan_of_another_format_is_refused():
    with pytest.raises(ReportError, match="m: a plan of format 3"):
        support.report(support.plan(format=3))


def test_without_a_model_there_is_still_a_report():
    report = document.make(dict(support.HEAD), support.SIZE, support.ITEMS, (), None)
    assert report["models"] == []
    assert report["flash"]["bytes"]
