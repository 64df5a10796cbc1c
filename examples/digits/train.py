# SPDX-License-Identifier: Apache-2.0
"""Train the digits network and write weights, calibration data and the held-out split.

    python -m examples.digits.train [--out examples/digits]

One thread and fixed seeds: the same machine and the same torch give the same files.
The outputs are checked in; the build never runs this.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

from examples.digits.data import Split, load_split
from examples.digits.model import DigitsNet

EPOCHS = 40
BATCH = 32
LEARNING_RATE = 1e-2
SHIFTED_SHARE = 0.4
CALIBRATION_IMAGES = 128


def train(split: Split) -> nn.Module:
    """The trained network, from scratch."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    images = _batch(split.train_images)
    labels = torch.from_numpy(split.train_labels).long()
    model = DigitsNet()
    steps = EPOCHS * (len(images) // BATCH)
    optimizer = torch.optim.AdamW(model.parameters(), LEARNING_RATE, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=steps)
    for epoch in range(EPOCHS):
        order = torch.randperm(len(images))
        for start in range(0, len(order) - BATCH + 1, BATCH):
            chosen = order[start : start + BATCH]
            batch = images[chosen]
            if torch.rand(1) < SHIFTED_SHARE:
                batch = _shifted(batch)
            loss = nn.functional.cross_entropy(model(batch), labels[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        if epoch % 10 == 9:
            print(f"epoch {epoch + 1}: held-out accuracy {accuracy(model, split):.4f}")
    return model.eval()


def accuracy(model: nn.Module, split: Split) -> float:
    """Share of the held-out images the model gets right."""
    with torch.no_grad():
        answers = model(_batch(split.test_images)).argmax(dim=1).numpy()
    return float((answers == split.test_labels).mean())


def _batch(images: np.ndarray) -> torch.Tensor:
    # The files keep the model's batch dimension of one in every sample.
    return torch.from_numpy(images[:, 0])


def _shifted(images: torch.Tensor) -> torch.Tensor:
    # By up to one pixel, a whole batch alike: with 1437 images this is worth 1.5 %.
    down, across = (int(step) for step in torch.randint(-1, 2, (2,)))
    padded = nn.functional.pad(images, (1, 1, 1, 1))
    return padded[:, :, 1 + down : 9 + down, 1 + across : 9 + across]


def main() -> None:
    """Train and write the files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    out = parser.parse_args().out
    split = load_split()
    model = train(split)
    weights = out / "weights.safetensors"
    save_file(model.state_dict(), weights)
    weights.chmod(0o644)
    np.savez_compressed(out / "calibration.npz", image=split.train_images[:CALIBRATION_IMAGES])
    np.savez_compressed(out / "heldout.npz", image=split.test_images, labels=split.test_labels)
    print(f"held-out accuracy {accuracy(model, split):.4f}, written to {out}")


if __name__ == "__main__":
    main()
