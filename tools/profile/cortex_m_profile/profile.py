# SPDX-License-Identifier: Apache-2.0
"""The counts of an image, joined with its plan: figures per step and inference."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cortex_m_profile import cycles
from cortex_m_profile.counts import Access, Block, Counts
from cortex_m_profile.errors import ProfileError
from cortex_m_profile.image import Image, Model, Step
from cortex_m_profile.instruction import Instruction, Kind

_VECTOR_MEMORY = (Kind.VECTOR_LOAD, Kind.VECTOR_STORE)


@dataclass(frozen=True)
class Figures:
    """What an inference takes, the mean over all runs: whole where the runs agree.

    An access is an access of at most four bytes, or one contiguous vector of 16. `lowest` and
    `highest` are the instructions of single runs.
    """

    instructions: float = 0
    lowest: int = 0
    highest: int = 0
    loads: float = 0
    load_bytes: float = 0
    stores: float = 0
    store_bytes: float = 0
    cycles: float = 0


@dataclass(frozen=True)
class StepProfile:
    """A step with its figures; without one, what the run function itself executes: calls."""

    step: Step | None
    figures: Figures


@dataclass(frozen=True)
class ModelProfile:
    """All that `runs` inferences of a model executed."""

    name: str
    runs: int
    steps: tuple[StepProfile, ...]
    total: Figures

    @property
    def macs(self) -> int | None:
        """Multiply-accumulates of an inference, where the plan knows those of every step."""
        known = [one.step.macs for one in self.steps if one.step is not None]
        return None if None in known or not known else sum(known)


@dataclass(frozen=True)
class Profile:
    """Everything that is shown of one run of an image."""

    image: str
    core: str
    isa: str
    flash: int
    weights: int
    timing: cycles.Model
    models: tuple[ModelProfile, ...]


def make(image: Image, counts: Counts) -> Profile:
    """Joins an image and the counts of running it."""
    timing = cycles.MODELS[image.core]
    models = []
    bucket = 0
    for model in image.models:
        if counts.runs.get(bucket):
            models.append(_model(image, model, counts, bucket, timing))
        bucket += 1 + len(model.steps)
    if not models:
        names = ", ".join(f"{model.name}_run" for model in image.models)
        raise ProfileError(f"{image.name}: the firmware never called {names}")
    return Profile(
        image.name, image.core, image.isa, image.flash, image.weights, timing, tuple(models)
    )


def _model(
    image: Image, model: Model, counts: Counts, first: int, timing: cycles.Model
) -> ModelProfile:
    runs = counts.runs[first]
    steps = []
    for place, step in enumerate((None, *model.steps)):
        figures = _figures(
            image.code,
            [run[place] for run in runs],
            counts.blocks.get(first + place, []),
            counts.accesses.get(first + place, {}),
            timing,
        )
        steps.append(StepProfile(step, figures))
    # The plan's order, then what is left.
    return ModelProfile(
        model.name,
        len(runs),
        (*steps[1:], steps[0]),
        _sum((one.figures for one in steps), [sum(run) for run in runs]),
    )


def _figures(
    code: dict[int, Instruction],
    instructions: Sequence[int],
    blocks: Iterable[Block],
    accesses: dict[int, Access],
    timing: cycles.Model,
) -> Figures:
    runs = len(instructions)
    executed: dict[int, int] = {}
    estimate = 0.0
    for block in blocks:
        straight = _straight(code, block)
        estimate += timing.cycles(straight, block.times, block.left)
        for one in straight:
            executed[one.address] = executed.get(one.address, 0) + block.times
    merged = [_merged(code[at], executed.get(at, 0), one) for at, one in accesses.items()]
    return Figures(
        sum(instructions) / runs,
        min(instructions),
        max(instructions),
        sum(one.loads for one in merged) / runs,
        sum(one.load_bytes for one in merged) / runs,
        sum(one.stores for one in merged) / runs,
        sum(one.store_bytes for one in merged) / runs,
        estimate / runs,
    )


def _straight(code: dict[int, Instruction], block: Block) -> list[Instruction]:
    found = []
    address = block.start
    for _ in range(block.instructions):
        one = code.get(address)
        if one is None:
            raise ProfileError(f"{address:#x} was executed, and the image has no code there")
        found.append(one)
        address = one.end
    return found


def _merged(one: Instruction, executed: int, access: Access) -> Access:
    """A contiguous vector counts as one access: the emulator does it element by element."""
    if one.kind not in _VECTOR_MEMORY or one.is_gather:
        return access
    return Access(
        executed if access.loads else 0,
        access.load_bytes,
        executed if access.stores else 0,
        access.store_bytes,
    )


def _sum(figures: Iterable[Figures], totals: Sequence[int]) -> Figures:
    figures = list(figures)
    return Figures(
        sum(totals) / len(totals),
        min(totals),
        max(totals),
        *(
            sum(getattr(one, name) for one in figures)
            for name in ("loads", "load_bytes", "stores", "store_bytes", "cycles")
        ),
    )
