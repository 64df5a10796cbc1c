# SPDX-License-Identifier: Apache-2.0
"""`python -m upstream_cases --file ops/test_add.py --index FILE --scalar DIR --dsp DIR --mve DIR`

Writes the programs of some of the wheel's test files: NAME.pte, NAME.json and NAME.vectors into
the folder of each ISA, and the list of all cases.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cortex_m_lowering.determinism import make_deterministic


def main() -> int:
    """Runs the tool; returns the exit status."""
    parser = argparse.ArgumentParser(prog="upstream_cases", description=__doc__)
    parser.add_argument("--file", action="append", required=True, help="test file in the wheel")
    parser.add_argument("--index", type=Path, required=True)
    for isa in ("scalar", "dsp", "mve"):
        parser.add_argument(f"--{isa}", type=Path, required=True, metavar="DIR")
    arguments = parser.parse_args()

    make_deterministic()  # before torch is imported
    from upstream_cases import index, speed
    from upstream_cases.collect import collect
    from upstream_cases.lower import lower

    cases, omitted = collect(arguments.file)
    speed.prepare()
    entries = []
    for case in cases:
        entries.append(index.entry(case, lower(case, vars(arguments))))
    arguments.index.write_text(index.text(entries, omitted), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
