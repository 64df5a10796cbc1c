# SPDX-License-Identifier: Apache-2.0
"""scikit-learn's handwritten digits, split once and for all."""

from dataclasses import dataclass

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

HELD_OUT = 360
_BRIGHTEST = 16  # pixels are counts from 0 to 16


@dataclass(frozen=True)
class Split:
    """Images as float32 (n, 1, 1, 8, 8) in [0, 1] and labels as int32 (n,)."""

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray


def load_split() -> Split:
    """1437 images to train on and 360 held out, each class in proportion."""
    images, labels = load_digits(return_X_y=True)
    images = (images.reshape(-1, 1, 1, 8, 8) / _BRIGHTEST).astype(np.float32)
    train_images, test_images, train_labels, test_labels = train_test_split(
        images, labels.astype(np.int32), test_size=HELD_OUT, random_state=0, stratify=labels
    )
    return Split(train_images, train_labels, test_images, test_labels)
