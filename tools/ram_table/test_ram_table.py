# SPDX-License-Identifier: Apache-2.0
"""The table, and what it promises."""

import os
import re
import subprocess

import pytest
import ram_table

PLAN = {
    "isa": "dsp",
    "arena": {"program_bytes": 60, "bound_without_overlap": 50, "bound": 39, "bytes": 40},
}
CONSOLE = "core cortex-m4\nisa dsp\nstatic 44\nstack 100\n"


def test_a_cell():
    one = ram_table.cell("resnet8", CONSOLE, PLAN)
    assert (one.other, one.ram) == (4, 144)
    assert one.ratio == 144 / 52_666


def test_an_image_and_a_plan_belong_together():
    with pytest.raises(SystemExit, match="an image for dsp, a plan for mve"):
        ram_table.cell("resnet8", CONSOLE, PLAN | {"isa": "mve"})


def test_a_mean_is_geometric():
    cells = [ram_table.cell(network, CONSOLE, PLAN) for network in ("resnet8", "ds_cnn")]
    (mean,) = ram_table.means(cells).values()
    assert mean == pytest.approx((144 / 52_666 * 144 / 16_918) ** 0.5)


def test_the_goals_hold():
    """The table itself, measured."""
    printed = subprocess.run(
        [os.environ["TABLE"]], check=True, capture_output=True, text=True
    ).stdout
    found = re.findall(r"^(cortex-\w+ \(\w+\)): geometric mean ([\d.]+)", printed, re.MULTILINE)
    assert len(found) == 3
    for core, mean in found:
        assert float(mean) <= ram_table.GOAL_MEAN, core
    (other,) = re.findall(r"at most (\d+)", printed)
    assert int(other) <= ram_table.GOAL_OTHER
