# SPDX-License-Identifier: Apache-2.0
"""The digits example: its data is what scikit-learn has, its weights are good."""

import numpy as np
import torch
from safetensors.torch import load_file

from examples.digits.data import HELD_OUT, load_split
from examples.digits.model import DigitsNet
from examples.digits.train import CALIBRATION_IMAGES, accuracy
from tests.lowering.support import DIGITS, ISAS, digits


def test_held_out_images_are_the_split():
    split = load_split()
    heldout = np.load(DIGITS / "heldout.npz")
    assert heldout["image"].shape == (HELD_OUT, 1, 1, 8, 8)
    assert np.array_equal(heldout["image"], split.test_images)
    assert np.array_equal(heldout["labels"], split.test_labels)
    assert set(np.bincount(heldout["labels"])) <= {35, 36, 37}


def test_calibration_images_are_training_images():
    split = load_split()
    images = np.load(DIGITS / "calibration.npz")["image"]
    assert np.array_equal(images, split.train_images[:CALIBRATION_IMAGES])
    held_out = {image.tobytes() for image in split.test_images}
    assert not any(image.tobytes() in held_out for image in images)


def test_checked_in_weights_classify_the_held_out_images():
    model = DigitsNet().eval()
    model.load_state_dict(load_file(DIGITS / "weights.safetensors"))
    split = load_split()
    assert accuracy(model, split) >= 0.97
    hits = round(accuracy(model, split) * HELD_OUT)
    assert digits("mve").vectors.float_correct == hits
    assert torch.equal(model.stem.bias, load_file(DIGITS / "weights.safetensors")["stem.bias"])


def test_it_fits_a_microbit():
    for isa in ISAS:
        assert digits(isa).report["arena_bytes"] <= 8 * 1024
        assert len(digits(isa).raw_vectors) + len(digits(isa).program) < 160 * 1024
