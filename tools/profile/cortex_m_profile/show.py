# SPDX-License-Identifier: Apache-2.0
"""A profile as text for people and as JSON for scripts."""

from typing import Any

from cortex_m_profile.profile import Figures, ModelProfile, Profile, StepProfile
from cortex_m_profile.table import aligned

FORMAT = 1

_HEAD = (
    "step",
    "operator",
    "shape",
    "kernel",
    "instructions",
    "per MAC",
    "share",
    "loads",
    "bytes",
    "stores",
    "bytes",
    "cycles",
)
_WORDS = 4  # columns; the others are numbers
_WIDEST = 44


def as_text(profile: Profile) -> str:
    """The table of every model, and what its columns mean."""
    timing = profile.timing
    return "\n\n".join(
        [
            *(_model_text(profile, model) for model in profile.models),
            "Instructions are exact. A load or store is an access of up to 4 bytes, or of one "
            "vector.\n"
            f"Cycles are an estimate: {timing.name}: {timing.source}.\n"
            f"Not in it: {timing.leaves_out}.",
        ]
    )


def _model_text(profile: Profile, model: ModelProfile) -> str:
    rows = [_HEAD]
    rows += [_row(one, model) for one in model.steps]
    total = ("", "in all", "", "")
    rows.append((*total, *_numbers(model.total, model.macs, model.total.instructions)))
    title = (
        f"{model.name} on {profile.core} ({profile.isa}), {profile.image}: "
        f"{_count(model.total.instructions)} instructions per inference"
    )
    return "\n".join([title, _spread(model), "", *aligned(rows, words=_WORDS)]).replace(
        "\n\n\n", "\n\n"
    )


def _spread(model: ModelProfile) -> str:
    runs = "1 run" if model.runs == 1 else f"mean of {model.runs} runs"
    if model.total.lowest == model.total.highest:
        return f"{runs}, all alike" if model.runs > 1 else runs
    return f"{runs}, from {model.total.lowest:,} to {model.total.highest:,}"


def _row(one: StepProfile, model: ModelProfile) -> tuple[str, ...]:
    step = one.step
    if step is None:
        words = ("", "calls of the steps", "", "")
    else:
        number = step.symbol.rpartition("_step_")[2].replace("_", ".")
        words = (
            number,
            step.operator,
            _cut(step.summary),
            step.kernel.removeprefix("cortex_m_"),
        )
    macs = step.macs if step is not None else None
    return (*words, *_numbers(one.figures, macs, model.total.instructions))


def _numbers(figures: Figures, macs: int | None, whole: float) -> tuple[str, ...]:
    return (
        _count(figures.instructions),
        f"{figures.instructions / macs:.2f}" if macs else "",
        f"{100 * figures.instructions / whole:.1f} %",
        _count(figures.loads),
        _count(figures.load_bytes),
        _count(figures.stores),
        _count(figures.store_bytes),
        _count(figures.cycles),
    )


def _count(number: float) -> str:
    return f"{round(number):,}"


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 3] + "..."


def as_json(profile: Profile) -> dict[str, Any]:
    """The same figures; means over the runs, and what single runs took at least and at most."""
    return {
        "format": FORMAT,
        "image": profile.image,
        "core": profile.core,
        "isa": profile.isa,
        "flash": profile.flash,
        "weights": profile.weights,
        "cycle_model": {
            "name": profile.timing.name,
            "source": profile.timing.source,
            "leaves_out": profile.timing.leaves_out,
        },
        "models": [
            {
                "name": model.name,
                "runs": model.runs,
                "macs": model.macs,
                **_table(model.total),
                "steps": [
                    {**(vars(one.step) if one.step else {}), **_table(one.figures)}
                    for one in model.steps
                ],
            }
            for model in profile.models
        ],
    }


def _table(figures: Figures) -> dict[str, Any]:
    return {
        name: round(value, 3) if isinstance(value, float) and value % 1 else int(value)
        for name, value in vars(figures).items()
    }
