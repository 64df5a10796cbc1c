# SPDX-License-Identifier: Apache-2.0
"""Writes a case file: `python -m kernel_cases --headers kernels/include/... --out FILE`."""

from __future__ import annotations

import argparse
import sys
import zlib
from pathlib import Path

import torch

from kernel_cases.case_file import Case, write_cases
from kernel_cases.draw import Draw
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
    arguments = parser.parse_args()

    torch.set_num_threads(1)
    structs = ParamStructs(arguments.headers)
    cases = []
    for operator in arguments.operator or sorted(GENERATORS):
        for number in range(arguments.count):
            case = _generate(operator, number, arguments.seed)
            cases.append((case, structs.pack(operator, case.params)))
    with arguments.out.open("wb") as stream:
        write_cases(stream, cases)
    return 0


def _generate(operator: str, number: int, seed: int) -> Case:
    # Seeded by name, so that a case stays the same when operators are added.
    draw = Draw(seed, zlib.crc32(operator.encode()), number)
    case = GENERATORS[operator](draw)
    case.misalignments = [draw.choice(0, 0, 1, 2, 3) for _ in range(len(case.buffers) + 1)]
    return case


if __name__ == "__main__":
    sys.exit(main())
