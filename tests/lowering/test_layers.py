# SPDX-License-Identifier: Apache-2.0
"""The comparison of float and int8 layer by layer: figures, counterparts, the table."""

import numpy as np
import pytest
from cortex_m_lowering.layers import Noise, snr_db, spread
from cortex_m_lowering.layers_table import main, table

from tests.lowering.support import DIGITS, ISAS, digits, lower_now, lowered

LAYERS = "tests.models.layers"


def by_module(report: dict) -> dict:
    return {layer["module"]: layer for layer in report["layers"] if "reason" not in layer}


def report_of(model: str) -> dict:
    return lower_now(model=f"{LAYERS}:{model}").report


def test_snr_is_ten_times_the_logarithm_of_the_power_ratio():
    noise = Noise()
    expected = np.array([[3.0, 4.0], [0.5, 0.5], [0.0, 0.0]])
    noise.add(expected, expected + np.array([[0.3, 0.4], [0.5, 0.5], [0.1, 0.1]]))
    assert snr_db(25.0, 0.25) == 20.0
    assert noise.snr_db() == round(10 * np.log10(25.5 / 0.77), 2)
    # The third channel has no signal: no ratio, not the worst one.
    assert noise.worst_channel() == {"index": 1, "snr_db": 0.0}
    assert noise.median_channel_db() == 10.0


def test_no_noise_is_no_ratio():
    noise = Noise()
    noise.add(np.ones((2, 3)), np.ones((2, 3)))
    assert noise.snr_db() is None
    assert noise.worst_channel() is None


@pytest.mark.parametrize("count", [1, 15, 16, 17, 360])
def test_samples_are_evenly_spread(count):
    chosen = spread(count)
    assert len(chosen) == min(count, 16) == len(set(chosen))
    assert chosen == sorted(chosen)
    assert chosen[0] == 0 and chosen[-1] < count


def test_every_layer_of_digits_is_compared():
    report = digits("mve").report
    assert report["layer_samples"] == {"source": "vectors", "used": 16, "count": 360}
    instructions = {entry["node"]: entry for entry in report["instructions"]}
    expected = {
        "stem": ("aten::relu", 16),
        "depthwise": ("aten::relu", 16),
        "pointwise": ("aten::relu", 16),
        "pool": ("aten::max_pool2d", 16),
        "conv": ("aten::relu", 32),
        "average": ("aten::avg_pool2d", 32),
        "classifier": ("aten::linear", 10),
    }
    layers = by_module(report)
    assert {k: (v["float_op"], v["channels"]) for k, v in layers.items() if k} == expected
    for layer in report["layers"]:
        assert "reason" not in layer
        assert instructions[layer["node"]]["op"] == layer["op"]
        assert 30 < layer["snr_db"] < 60
        assert layer["worst_channel"]["snr_db"] <= layer["snr_db"]
        assert 0 <= layer["worst_channel"]["index"] < layer["channels"]
        assert layer["clipped"] <= 0.01
    # The maximum of dequantized values is the dequantized maximum.
    assert layers["pool"]["own_snr_db"] is None and layers["pool"]["own_max_error"] == 0
    assert 40 < layers["conv"]["weights"]["snr_db"] < 50
    assert layers["pool"]["weights"] is None


def test_the_last_layer_is_the_noise_of_the_outputs():
    """The report's figure against the outputs themselves, by another way."""
    import torch
    from safetensors.torch import load_file

    from examples.digits.model import DigitsNet

    model = DigitsNet().eval()
    model.load_state_dict(load_file(DIGITS / "weights.safetensors"))
    images = np.load(DIGITS / "heldout.npz")["image"]
    signal = noise = 0.0
    with torch.no_grad():
        for index in spread(len(images)):
            want = model(torch.from_numpy(images[index])).numpy().astype(np.float64)
            got = np.frombuffer(digits("mve").vectors.tensors[index][1], "<f4")
            signal += np.sum(want**2)
            noise += np.sum((want - got) ** 2)
    reported = by_module(digits("mve").report)["classifier"]["snr_db"]
    assert reported == pytest.approx(10 * np.log10(signal / noise), abs=0.02)


@pytest.mark.parametrize("isa", ISAS)
def test_the_same_for_every_isa(isa):
    assert digits(isa).report["layers"] == digits("mve").report["layers"]


def test_one_channel_with_huge_weights_is_the_worst_layer():
    report = report_of("one_bad_channel")
    layers = by_module(report)
    assert min(layers, key=lambda name: layers[name]["own_median_channel_db"]) == "bad"
    bad, good = layers["bad"], layers["first"]
    # As a whole it looks fine: the huge channel outweighs all others.
    assert bad["snr_db"] > 30
    assert bad["worst_channel"]["snr_db"] < 10 < good["worst_channel"]["snr_db"]
    assert bad["worst_channel"]["index"] != 3
    # One scale for all the weights, so the small ones vanish.
    assert bad["weights"]["worst_channel"]["snr_db"] < 10 < bad["weights"]["snr_db"]
    weakest = table(report).split("Weakest by themselves:\n")[1].splitlines()
    assert weakest[0].startswith("  bad: median channel")


def test_noise_piles_up_but_own_noise_does_not():
    layers = by_module(report_of("one_bad_channel"))
    after = layers["last"]
    assert after["own_snr_db"] > after["snr_db"] + 3


def test_values_outside_the_calibrated_range_are_clipped(tmp_path):
    """Calibrated to [0, 1], given up to 4: three quarters of the input are clipped."""
    calibration, vectors = tmp_path / "calibration.npz", tmp_path / "vectors.npz"
    ramp = np.linspace(0, 1, 64, dtype=np.float32).reshape(1, 1, 1, 8, 8)
    np.savez(calibration, image=ramp)
    np.savez(vectors, image=4 * ramp)
    report = lower_now(
        model="examples.digits.model:digits", calibration=calibration, vectors=vectors
    ).report
    image = report["layers"][0]
    assert image["source"] == "input image"
    assert image["clipped"] == pytest.approx(0.75, abs=0.02)
    assert image["at_max"] >= image["clipped"]
    assert image["max_error"] == pytest.approx(3, abs=0.01)


def test_batch_norms_hardswish_and_means_find_their_float_values():
    report = report_of("squeeze_excite")
    layers = by_module(report)
    assert layers["conv"]["float_op"] == "aten::clamp"
    assert layers["act"]["float_op"] == "aten::hardswish"
    assert layers["gate"]["float_op"] == "aten::hardsigmoid"
    assert layers["classifier"]["channels"] == 5
    for layer in layers.values():
        assert layer["snr_db"] > 25, layer
    # Hardswish became a minimum and a multiplication: the first has no float value.
    (unmatched,) = [layer for layer in report["layers"] if "reason" in layer]
    assert unmatched["op"] == "cortex_m::minimum"
    assert "took apart" in unmatched["reason"]
    assert unmatched["node"] in table(report).split("Not compared:")[1]


def test_float_operators_are_compared_in_float():
    layers = lowered("unsupported", "scalar").report["layers"]
    (layer,) = [layer for layer in layers if layer["op"] == "aten::cumsum"]
    assert layer["own_snr_db"] is None
    assert "scale" not in layer and layer["snr_db"] > 20


def test_table_has_a_row_per_layer(tmp_path, capsys):
    report = tmp_path / "digits.json"
    report.write_text(digits("mve").raw_report)
    out = tmp_path / "digits.txt"
    assert main(["--report", str(report)]) == 0
    assert main(["--report", str(report), "--out", str(out)]) == 0
    text = capsys.readouterr().out
    assert text == out.read_text() == table(digits("mve").report)
    lines = text.splitlines()
    assert lines[0].endswith("layer by layer; 16 of 360 vectors")
    assert [line.split()[0] for line in lines[3:11]] == [
        "image", "stem", "depthwise", "pointwise", "pool", "conv", "average", "classifier",
    ]  # fmt: skip
    assert max(map(len, lines[:11])) <= 130


def test_a_report_without_comparison_says_so():
    assert "no layer was compared" in table({"name": "old"})
    problem = {"name": "m", "layers": [], "layers_problem": "RuntimeError: why"}
    assert table(problem).endswith("RuntimeError: why\n")


def test_a_comparison_that_fails_does_not_stop_the_lowering(monkeypatch):
    from cortex_m_lowering import layers

    def broken(*_):
        raise RuntimeError("no twin")

    monkeypatch.setattr(layers, "float_twin", broken)
    report = lower_now().report
    assert report["layers"] == []
    assert report["layers_problem"] == "RuntimeError: no twin"
