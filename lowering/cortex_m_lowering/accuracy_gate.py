# SPDX-License-Identifier: Apache-2.0
"""Refuse an accuracy test whose vectors carry no labels, before anything is booted.

    python -m cortex_m_lowering.accuracy_gate --report digits.json --out digits.accuracy.txt

Reads the lowering's report, so it needs neither torch nor the model.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def check(report: dict[str, Any], model: str) -> tuple[bool, str]:
    """Whether the vectors are a labelled data set, and the text that says so."""
    vectors = report["vectors"]
    if not vectors["labelled"]:
        return False, (
            f"the {vectors['count']} vectors of {model} carry no labels, so there is no accuracy "
            "to measure: add an integer array `labels` (samples,), the index of the right element "
            "of the first output, to the .npz of its vectors = ..."
        )
    return True, (
        f"{vectors['count']} labelled vectors; right by PyTorch int8 {vectors['int8_correct']}, "
        f"by PyTorch float {vectors['float_correct']}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the check; returns the exit status: 0 labelled, 1 not."""
    parser = argparse.ArgumentParser(
        prog="python -m cortex_m_lowering.accuracy_gate",
        description="Refuse an accuracy test whose vectors carry no labels.",
    )
    parser.add_argument("--report", type=Path, required=True, help="NAME.json of the lowering")
    parser.add_argument("--test", help="what to call the test in the text")
    parser.add_argument("--model", help="what to call the model in the text")
    parser.add_argument("--out", type=Path, required=True, help="the text to write")
    options = parser.parse_args(arguments)
    report = json.loads(options.report.read_text("utf-8"))
    passed, text = check(report, options.model or report["name"])
    text = f"{options.test or report['name']}: {text}\n"
    options.out.write_text(text, "utf-8")
    if not passed:
        print(text, end="", file=sys.stderr)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
