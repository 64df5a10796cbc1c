# SPDX-License-Identifier: Apache-2.0
"""Writes a case file: `python -m kernel_cases --headers kernels/include/... --out FILE`.

And beside it, with the variants that run it, a list of the kernels with the number of their cases.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

import torch

from kernel_cases.case_file import write_cases
from kernel_cases.generate import generate
from kernel_cases.params import ParamStructs
from kernel_cases.registry import GENERATORS


def main() -> int:
    """Generates `--count` cases for each `--operator` (all, if none is named)."""
    parser = argparse.ArgumentParser(prog="kernel_cases", description=__doc__)
    parser.add_argument("--headers", nargs="+", type=Path, required=True, help="kernel headers")
    parser.add_argument("--operator", action="append", choices=sorted(GENERATORS))
    parser.add_argument("--count", type=int, default=300, help="cases per operator")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--variant", action="append", default=[], help="what runs the cases")
    parser.add_argument("--list", type=Path, help="text file: kernels and the number of cases")
    arguments = parser.parse_args()

    torch.set_num_threads(1)
    structs = ParamStructs(arguments.headers)
    cases = []
    for operator in arguments.operator or sorted(GENERATORS):
        for case in generate(operator, arguments.count, arguments.seed):
            cases.append((case, structs.pack(case.operator, case.params)))
    with arguments.out.open("wb") as stream:
        write_cases(stream, cases)
    if arguments.list:
        counts = Counter(case.operator for case, _ in cases)
        arguments.list.write_text(_list(counts, arguments.variant), encoding="utf-8")
    return 0


def _list(counts: Counter, variants: list[str]) -> str:
    runs = counts.total() * len(variants)
    lines = [
        f"{len(counts)} kernels, {counts.total()} cases, "
        f"on {len(variants)} variants: {runs} runs with every element compared"
    ]
    lines += [f"{count:6} {kernel}" for kernel, count in sorted(counts.items())]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
