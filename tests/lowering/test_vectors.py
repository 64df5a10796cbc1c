# SPDX-License-Identifier: Apache-2.0
"""Reference vectors: the file, the memory order, and where inputs come from."""

import numpy as np
import pytest
import torch

from tests.lowering.support import DIGITS, ISAS, digits, lower_now, lowered
from tests.models import small


@pytest.mark.parametrize("isa", ISAS)
def test_digits_vectors_hold_the_held_out_images(isa):
    vectors = digits(isa).vectors
    heldout = np.load(DIGITS / "heldout.npz")
    assert vectors.labelled and vectors.sizes == (256, 40) and vectors.input_count == 1
    assert vectors.labels == tuple(heldout["labels"])
    for image, (data, _) in zip(heldout["image"], vectors.tensors, strict=True):
        assert data == image.tobytes()


@pytest.mark.parametrize("isa", ISAS)
def test_counts_of_correct_answers(isa):
    vectors, report = digits(isa).vectors, digits(isa).report["vectors"]
    answers = [int(np.argmax(np.frombuffer(data[1], "<f4"))) for data in vectors.tensors]
    hits = sum(a == label for a, label in zip(answers, vectors.labels, strict=True))
    assert vectors.int8_correct == report["int8_correct"] == hits
    assert vectors.float_correct == report["float_correct"]
    assert report["count"] == 360 and report["labelled"]
    assert hits >= 0.97 * 360 and vectors.float_correct >= 0.97 * 360


def test_outputs_do_not_depend_on_the_isa():
    assert digits("scalar").raw_vectors == digits("dsp").raw_vectors == digits("mve").raw_vectors


def test_random_vectors_start_with_the_example_and_stay_in_its_range():
    vectors = lowered("two_inputs", "scalar").vectors
    _, example = small.two_inputs()
    assert not vectors.labelled and vectors.int8_correct == vectors.float_correct == -1
    assert vectors.labels == (-1,) * 4
    for position, tensor in enumerate(example):
        assert vectors.tensors[0][position] == tensor.numpy().tobytes()
        others = np.concatenate(
            [np.frombuffer(vector[position], "<f4") for vector in vectors.tensors[1:]]
        )
        assert tensor.min() <= others.min() and others.max() <= tensor.max()
        assert len(np.unique(others)) == others.size


def test_random_vectors_follow_the_calibration_data(tmp_path):
    path = tmp_path / "c.npz"
    generator = np.random.default_rng(0)
    np.savez(
        path,
        input_0=generator.uniform(2, 3, (5, 1, 12)).astype(np.float32),
        second=generator.uniform(-3, -2, (5, 1, 20)).astype(np.float32),
    )
    vectors = lower_now(calibration=path, random_vectors=6).vectors
    first, second = (
        np.concatenate([np.frombuffer(vector[i], "<f4") for vector in vectors.tensors[1:]])
        for i in (0, 1)
    )
    assert len(vectors.tensors) == 6
    assert first.min() >= 2 and first.max() <= 3
    assert second.min() >= -3 and second.max() <= -2


def test_no_vectors_can_be_asked_for():
    assert lower_now(random_vectors=0).vectors.tensors == ()


def test_images_are_stored_channels_last():
    vectors = lowered("padded_image", "scalar").vectors
    _, (image,) = small.padded_image()
    assert vectors.tensors[0][0] == image.permute(0, 2, 3, 1).contiguous().numpy().tobytes()
    output = np.frombuffer(vectors.tensors[0][1], "<f4").reshape(1, 8, 8, 3)
    module, inputs = small.padded_image()
    with torch.no_grad():
        expected = module(*inputs).permute(0, 2, 3, 1).numpy()
    assert np.abs(output - expected).max() < 0.03


def test_relu_of_a_value_with_two_users_keeps_its_zero_point():
    # Upstream's pass alone clamps the raw int8 at 0 here.
    vectors = lowered("two_inputs", "scalar").vectors
    rectified = np.frombuffer(b"".join(vector[3] for vector in vectors.tensors), "<f4")
    assert rectified.min() == 0


@pytest.mark.parametrize("model", ["padded_pools", "dilated", "grouped", "two_inputs"])
def test_small_networks_agree_with_the_quantized_model(model):
    results = {isa: lowered(model, isa) for isa in ISAS}
    assert len({result.raw_vectors for result in results.values()}) == 1
    for result in results.values():
        assert all(entry["mean_steps"] < 0.5 for entry in result.report["agreement"])
        assert all(entry["max_steps"] <= 2 for entry in result.report["agreement"])
