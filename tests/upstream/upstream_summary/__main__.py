# SPDX-License-Identifier: Apache-2.0
"""`python -m upstream_summary --outcome ISA INDEX OUTCOME ... --out FILE`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

_NO_PLAN = "refused by the plan"
_ISAS = ("scalar", "dsp", "mve")


def main() -> int:
    """Runs the tool; returns the exit status."""
    parser = argparse.ArgumentParser(prog="upstream_summary", description=__doc__)
    parser.add_argument(
        "--outcome", nargs=3, action="append", required=True,
        help="an ISA, the list of a suite's cases, and what the plan compiler made of them",
    )  # fmt: skip
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()

    summary = _Summary()
    for isa, index, outcome in arguments.outcome:
        summary.add(isa, _read(index), _read(outcome))
    arguments.out.write_text(summary.text(), encoding="utf-8")
    return 0


def _read(path: str) -> dict:
    return json.loads(Path(path).read_text("utf-8"))


class _Summary:
    """All suites' cases."""

    def __init__(self) -> None:
        self.run = dict.fromkeys(_ISAS, 0)
        self.tests: set[str] = set()
        # Heading, case and reason of what is not run -> ISAS.
        self.not_run: dict[tuple[str, str, str], list[str]] = {}

    def add(self, isa: str, index: dict, outcome: dict) -> None:
        """The cases of one suite on one ISA."""
        planned = set(outcome["planned"])
        for case in index["cases"]:
            self.tests.update([case["id"], *case["twins"]])
            if case["name"] in planned:
                self.run[isa] += 1
            elif isa in case["not_run"]:
                heading, reason = case["not_run"][isa]
                self._omit(isa, heading, case["id"], reason)
            else:
                reason = outcome["refused"][case["name"]]
                if case["note"]:
                    reason += f" (upstream: {case['note']})"
                self._omit(isa, _NO_PLAN, case["id"], reason)
        for test in index["not_run"]:
            self._omit(isa, test["heading"], test["id"], test["reason"])

    def _omit(self, isa: str, heading: str, case: str, reason: str) -> None:
        self.not_run.setdefault((heading, case, reason), []).append(isa)

    def text(self) -> str:
        """The summary."""
        lines = [
            "ExecuTorch's own Cortex-M test cases (backends/cortex_m/test/ops and models in the",
            "executorch wheel) through this project's lowering, plan and kernels, in the emulator.",
            f"{len(self.tests)} tests; those that lower the same model and inputs are one case.",
            "",
        ]
        for isa in _ISAS:
            skipped = sum(isa in isas for isas in self.not_run.values())
            lines.append(f"upstream cases, {isa}: {self.run[isa]} run, {skipped} skipped")
        last = ""
        for (heading, case, reason), isas in sorted(self.not_run.items()):
            if heading != last:
                lines += ["", f"{heading}:"]
                last = heading
            only = "" if len(isas) == len(_ISAS) else f" [{', '.join(isas)}]"
            lines += [f"  {case}{only}", f"      {reason}"]
        return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
