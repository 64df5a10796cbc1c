# SPDX-License-Identifier: Apache-2.0
"""The benchmark table: its arithmetic, and what it says of the goal."""

import pytest
from benchmark_table import MACS, PUBLISHED, Cell, cell, document, geometric_mean, verdict


def profile(instructions: float, macs: int | None) -> dict:
    figures = {"instructions": instructions, "loads": 30, "load_bytes": 90, "stores": 10}
    model = figures | {"store_bytes": 20, "cycles": 2 * instructions, "macs": macs}
    return {"isa": "dsp", "cycle_model": {"name": "Cortex-M4"}, "models": [model]}


def made(network: str, core: str, io: str, share: float) -> Cell:
    published = PUBLISHED[network].get((core, io), 1_000_000)
    measured = profile(share * published, MACS[network])
    return cell(network, core, io, measured, {"flash": 1500, "weights": 500})


def test_every_network_has_the_same_columns():
    assert len({tuple(figures) for figures in PUBLISHED.values()}) == 1
    assert set(PUBLISHED) == set(MACS)


def test_geometric_mean():
    assert geometric_mean([0.25, 1.0]) == pytest.approx(0.5)


def test_prints_ratio_mean_flash_and_cycles():
    cells = [
        made("conv2d_x3", "cortex-m4", "int8", 0.5),
        made("conv2d_x3", "cortex-m3", "float32", 0.9),
        made("ds_cnn", "cortex-m4", "int8", 0.5),
        made("ds_cnn", "cortex-m3", "float32", 0.4),
    ]
    text = document(cells)
    assert "| conv2d_x3 (161,280) | 237,335 (1.47) of 474,670: **0.50** |" in text
    assert "| geometric mean | **0.500** | **0.600** |" in text
    assert "| conv2d_x3 | 1,000 + 500 | 1,000 + 500 |" in text
    assert "| conv2d_x3 | cortex-m4 | 237,335 | 30 (90) | 10 (20) | 474,670 | 2.94 |" in text
    assert "cortex-m3 (dsp, float32 I/O)" in text
    assert "Above 0.80: conv2d_x3 on cortex-m3 (0.90)." in text
    assert "Highest: **0.90**, conv2d_x3 on cortex-m3" in text


def test_says_nothing_of_the_goal_where_nothing_is_published():
    one = made("conv2d_x3", "cortex-m3", "int8", 0.5)
    assert one.ratio is None
    assert verdict([one]) == ""
    assert "(3.10) |" in document([one])


def test_a_core_nobody_measured_is_held_against_another():
    text = document([made("ds_cnn", "cortex-m33", "int8", 1.0)])
    assert "cortex-m33 (dsp), against cortex-m7" in text
    assert "of 7,286,036" in text


def test_refuses_another_network_under_a_known_name():
    with pytest.raises(ValueError, match="161280"):
        cell("conv2d_x3", "cortex-m4", "int8", profile(1, 5), {"flash": 0, "weights": 0})
