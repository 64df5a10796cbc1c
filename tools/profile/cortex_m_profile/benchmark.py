# SPDX-License-Identifier: Apache-2.0
"""Recorded instruction counts: holds a profile against them, or renews them.

    python -m cortex_m_profile.benchmark check --key NAME --record FILE --profile JSON
        --bound PERCENT --recorder LABEL
    python -m cortex_m_profile.benchmark record --entry FILE NAME JSON [--entry ...]

A record: {"NAME": {"core", "isa", "instructions", "steps": [{"operator", "shape", "kernel",
"instructions"}, ...]}, ...}, instructions per inference, rounded.
"""

import argparse
import json
import sys
from itertools import zip_longest
from pathlib import Path
from typing import Any

from cortex_m_profile.table import aligned

Figures = dict[str, Any]

_NOTHING: Figures = {"operator": "", "shape": "", "kernel": "", "instructions": 0}


def figures(profile: dict[str, Any]) -> Figures:
    """What is recorded of a profile."""
    (model,) = profile["models"]
    return {
        "core": profile["core"],
        "isa": profile["isa"],
        "instructions": round(model["instructions"]),
        "steps": [
            {
                "operator": step.get("operator", "calls of the steps"),
                "shape": step.get("summary", ""),
                "kernel": step.get("kernel", ""),
                "instructions": round(step["instructions"]),
            }
            for step in model["steps"]
        ],
    }


def change(recorded: int, now: int) -> str:
    """A difference in percent."""
    return f"{100 * (now - recorded) / recorded:+.2f} %" if recorded else "new"


def differs(recorded: Figures, now: Figures, bound: float) -> bool:
    """Whether the whole inference is more than `bound` percent off."""
    before = recorded["instructions"]
    return 100 * abs(now["instructions"] - before) > bound * before


def comparison(recorded: Figures, now: Figures) -> str:
    """A table of the steps that changed, and of the whole."""
    rows = [("step", "operator", "shape", "kernel", "recorded", "now", "change")]
    steps = zip_longest(recorded["steps"], now["steps"], fillvalue=_NOTHING)
    for number, (before, after) in enumerate(steps):
        if before != after:
            shown = after if after is not _NOTHING else before
            names = [one["kernel"].removeprefix("cortex_m_") or "-" for one in (before, after)]
            kernel = names[0] if names[0] == names[1] else " -> ".join(names)
            label = (str(number), shown["operator"], shown["shape"], kernel)
            rows.append((*label, *_amounts(before, after)))
    rows.append(("", "in all", "", "", *_amounts(recorded, now)))
    return "\n".join(aligned(rows, words=4))


def _amounts(before: Figures, after: Figures) -> tuple[str, str, str]:
    one, other = before["instructions"], after["instructions"]
    return f"{one:,}", f"{other:,}", change(one, other)


def check(key: str, record: Figures, now: Figures, bound: float, recorder: str) -> tuple[bool, str]:
    """Whether a profile is within the bound, and what to say."""
    accept = f"bazel run {recorder}"
    recorded = record.get(key)
    after = now["instructions"]
    if recorded is None:
        return False, (
            f"FAILED: {key}: {after:,} instructions per inference, and nothing is recorded yet: "
            f"{accept}"
        )
    before = recorded["instructions"]
    summary = (
        f"{key}: {after:,} instructions per inference, recorded {before:,}, {change(before, after)}"
    )
    if not differs(recorded, now, bound):
        return True, summary
    worse = "slower" if after > before else "faster"
    return False, (
        f"FAILED: {summary}: {worse} by more than {bound:g} %\n\n{comparison(recorded, now)}\n\n"
        f"If that is meant, record it: {accept}"
    )


def renew(path: Path, entries: dict[str, Figures]) -> None:
    """Replaces entries of a record, or adds them."""
    record = json.loads(path.read_text("utf-8")) if path.exists() else {}
    path.write_text(json.dumps(record | entries, indent=1, sort_keys=True) + "\n", "utf-8")


def _profile(path: str | Path) -> Figures:
    return figures(json.loads(Path(path).read_text("utf-8")))


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="cortex_m_profile.benchmark", description=__doc__.splitlines()[0]
    )
    actions = parser.add_subparsers(dest="action", required=True)
    checking = actions.add_parser("check")
    checking.add_argument("--key", required=True)
    checking.add_argument("--record", type=Path, required=True)
    checking.add_argument("--profile", type=Path, required=True)
    checking.add_argument("--bound", type=float, required=True)
    checking.add_argument("--recorder", required=True)
    recording = actions.add_parser("record")
    recording.add_argument("--entry", nargs=3, action="append", required=True)
    arguments = parser.parse_args()
    if arguments.action == "check":
        record = json.loads(arguments.record.read_text("utf-8"))
        now = _profile(arguments.profile)
        passed, text = check(arguments.key, record, now, arguments.bound, arguments.recorder)
        print(text)
        return 0 if passed else 1
    files: dict[Path, dict[str, Figures]] = {}
    for path, key, profile in arguments.entry:
        files.setdefault(Path(path), {})[key] = _profile(profile)
    for path, entries in files.items():
        renew(path, entries)
        print(f"recorded {len(entries)} benchmarks in {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
