# SPDX-License-Identifier: Apache-2.0
"""What one action has made, to be made anew under other conditions."""

from dataclasses import dataclass, field
from pathlib import Path

from builds import Build
from nested_bazel import Bazel, Invocation, Result


@dataclass
class Product:
    """The outputs of an action, which are there when this is constructed.

    Attributes:
        bazel: it has made them.
        folder: where they lie.
        names: of all of them.
        request: options and target of a build that needs them.
        content: the right bytes, by name.
    """

    bazel: Bazel
    folder: Path
    names: tuple[str, ...]
    request: tuple[str, ...]
    content: dict[str, bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.content = self.read(self.folder)

    def read(self, folder: Path) -> dict[str, bytes]:
        """What of them lies in a folder."""
        paths = [folder / name for name in self.names]
        return {path.name: path.read_bytes() for path in paths if path.exists()}

    def remove(self) -> None:
        """Removes the first of them: Bazel runs the action anew."""
        (self.folder / self.names[0]).unlink()

    def start(self, *options: str) -> Invocation:
        """Starts a build that needs them."""
        return self.bazel.start("build", *self.request, *options)

    def build(self, *options: str, expect: int = 0) -> Result:
        """A build that needs them."""
        return self.bazel.build(*self.request, *options, expect=expect)


def lowering(build: Build) -> Product:
    """Of the lowering for the Cortex-M55."""
    program = build.results[-1].files["examples/digits/digits.pte"]
    return Product(
        build.bazel,
        folder=program.parent,
        names=("digits.pte", "digits.json", "digits.vectors"),
        request=("--output_groups=pte", "//firmware:m55_app"),
    )


def plan(build: Build) -> Product:
    """Of the plan for the Cortex-M55."""
    image = build.results[-1].files["firmware/m55_app.elf"]
    return Product(
        build.bazel,
        folder=image.parents[1] / "examples/digits/digits_model",
        names=(
            "digits_plan.c",
            "digits.h",
            "digits_plan.json",
            "digits_program.S",
            "digits_tables.bin",
        ),
        request=("--output_groups=elf", "//firmware:m55_app"),
    )
