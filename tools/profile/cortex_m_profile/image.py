# SPDX-License-Identifier: Apache-2.0
"""NAME.profile.json: what a profile has to know of an image, made when the image is built.

{"format": 1, "image": "//firmware:m55_app", "core": "cortex-m55", "isa": "mve",
 "flash": bytes loaded, "weights": of them constants of models and tables made of them,
 "ignored": [[start, end], ...],
 "models": [{"name": ..., "run": [start, end], "steps": [{"symbol", "start", "operator",
             "kernel", "summary", "macs"}, ...]}, ...],
 "code": [[address, bytes, mnemonic, operands], ...]}
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cortex_m_profile.errors import ProfileError
from cortex_m_profile.instruction import Instruction

FORMAT = 1


@dataclass(frozen=True)
class Step:
    """A step of a plan that has code; `macs` is None where the plan does not say."""

    symbol: str
    start: int
    operator: str
    kernel: str
    summary: str
    macs: int | None


@dataclass(frozen=True)
class Model:
    """A model's run function, from its first byte to behind its last, and its steps in order."""

    name: str
    start: int
    end: int
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Image:
    """A linked image. Models are ordered; `code` is by address."""

    name: str
    core: str
    isa: str
    flash: int
    weights: int
    ignored: tuple[tuple[int, int], ...]
    models: tuple[Model, ...]
    code: dict[int, Instruction]

    def map(self) -> str:
        """The plugin's map: a bucket for each model, followed by those of its steps."""
        lines = [f"ignore {start:x} {end:x}" for start, end in self.ignored]
        for model in self.models:
            lines.append(f"run {model.start:x} {model.end:x}")
            lines += [f"step {step.start:x}" for step in model.steps]
        return "\n".join(lines) + "\n"


def read(path: Path) -> Image:
    """Reads the file, as this version writes it."""
    table: dict[str, Any] = json.loads(path.read_text("utf-8"))
    if table.get("format") != FORMAT:
        raise ProfileError(f"{path}: made by another version of rules_cortex_m: build it again")
    return Image(
        name=table["image"],
        core=table["core"],
        isa=table["isa"],
        flash=table["flash"],
        weights=table["weights"],
        ignored=tuple((start, end) for start, end in table["ignored"]),
        models=tuple(
            Model(
                model["name"], *model["run"], steps=tuple(Step(**step) for step in model["steps"])
            )
            for model in table["models"]
        ),
        code={words[0]: Instruction(*words) for words in table["code"]},
    )
