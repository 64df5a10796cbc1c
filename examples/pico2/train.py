# SPDX-License-Identifier: Apache-2.0
"""Train the perceptron on the digits of examples/digits and write its weights.

    python -m examples.pico2.train [--out examples/pico2]

One thread and fixed seeds: the same machine and the same torch give the same file.
The output is checked in; the build never runs this.
"""

import argparse
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

from examples.digits.data import Split, load_split
from examples.pico2.model import DigitsMLP

EPOCHS = 60
BATCH = 32
LEARNING_RATE = 5e-3


def train(split: Split) -> nn.Module:
    """The trained perceptron, from scratch."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    images = torch.from_numpy(split.train_images[:, 0])
    labels = torch.from_numpy(split.train_labels).long()
    model = DigitsMLP()
    optimizer = torch.optim.AdamW(model.parameters(), LEARNING_RATE, weight_decay=5e-2)
    for _ in range(EPOCHS):
        for chosen in torch.randperm(len(images)).split(BATCH):
            loss = nn.functional.cross_entropy(model(images[chosen]), labels[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return model.eval()


def accuracy(model: nn.Module, split: Split) -> float:
    """Share of the held-out images the model gets right."""
    with torch.no_grad():
        answers = model(torch.from_numpy(split.test_images[:, 0])).argmax(dim=1).numpy()
    return float((answers == split.test_labels).mean())


def main() -> None:
    """Train and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    weights = parser.parse_args().out / "weights.safetensors"
    split = load_split()
    model = train(split)
    save_file(model.state_dict(), weights)
    weights.chmod(0o644)
    print(f"held-out accuracy {accuracy(model, split):.4f}, written to {weights}")


if __name__ == "__main__":
    main()
