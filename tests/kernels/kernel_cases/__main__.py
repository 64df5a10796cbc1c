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

from kernel_cases.case_file import ISAS, Case, write_cases
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
    parser.add_argument(
        "--variant", action="append", default=[], metavar="NAME:ISA", help="what runs the cases"
    )
    parser.add_argument("--list", type=Path, help="text file: kernels and the number of cases")
    arguments = parser.parse_args()

    torch.set_num_threads(1)
    structs = ParamStructs(arguments.headers)
    cases = []
    for operator in arguments.operator or sorted(GENERATORS):
        for case in generate(operator, arguments.count, arguments.seed):
            cases.append((case, structs.pack(case.struct, case.params)))
    with arguments.out.open("wb") as stream:
        write_cases(stream, cases)
    if arguments.list:
        isas = [variant.rpartition(":")[2] for variant in arguments.variant]
        arguments.list.write_text(_list([case for case, _ in cases], isas), encoding="utf-8")
    return 0


def _list(cases: list[Case], isas: list[str]) -> str:
    """The counts; where a kernel's cases are not all for each ISA, also how many are."""
    counts = Counter(case.operator for case in cases)
    by_isa = Counter((case.operator, isa) for case in cases for isa in case.isas)
    runs = sum(isas.count(isa) for case in cases for isa in case.isas)
    lines = [
        f"{len(counts)} kernels, {len(cases)} cases, "
        f"on {len(isas)} variants: {runs} runs with every element compared"
    ]
    for kernel, count in sorted(counts.items()):
        fewer = [f"{by_isa[kernel, isa]} on {isa}" for isa in ISAS if by_isa[kernel, isa] != count]
        lines.append(f"{count:6} {kernel}" + (f" ({', '.join(fewer)})" if fewer else ""))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
