# SPDX-License-Identifier: Apache-2.0
"""No silent float: refuse a program that computes in float where nobody said it may.

    python -m cortex_m_lowering.float_gate --report digits.json --out digits.float.txt

Reads the lowering's report, so it needs neither torch nor the model. A name of --allow is an
operator as the report calls it (`aten::pow`: all of them) or a module of the model
(`encoder.cell`: it and all inside). A name that accepts nothing is an error too: it hides what
comes back later.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_WAYS_OUT = """\
Ways out: change the model as the reasons say; or accept what may stay in float, by operator
or by module, in cortex_m_model:
"""


def accepts(name: str, operator: dict[str, Any]) -> bool:
    """Whether an entry of allow_float covers an entry of the report's float_operators."""
    if "::" in name:
        return operator["op"] == name
    return operator["module"] == name or operator["module"].startswith(name + ".")


def check(report: dict[str, Any], allowed: Sequence[str]) -> tuple[bool, str]:
    """Whether a report passes, and the text that says why."""
    operators = report["float_operators"]
    accepted = [o for o in operators if any(accepts(name, o) for name in allowed)]
    refused = [o for o in operators if o not in accepted]
    unused = [name for name in allowed if not any(accepts(name, o) for o in operators)]
    total = len(report["instructions"])

    if refused:
        lines = [f"FAILED: {_count(refused, total)} in float", "", *_listed(refused)]
        names = sorted(set(allowed).difference(unused) | {o["op"] for o in refused})
        lines += ["", *_WAYS_OUT.splitlines(), f"    allow_float = {json.dumps(names)},"]
    elif unused:
        lines = ["FAILED: allow_float has entries that accept nothing"]
    elif accepted:
        lines = [f"passed: {_count(accepted, total)} in float, all accepted"]
    else:
        lines = [f"passed: none of {total} operators computes in float"]
    if unused:
        lines += ["", f"Accepts nothing, take it out of allow_float: {', '.join(unused)}"]
    if accepted:
        lines += ["", "Accepted by allow_float:", *_listed(accepted)]
    copies = report.get("float_copies", [])
    if copies:
        lines += ["", "Moved in float, without computing:"]
        lines += sorted({f"  {copy['op']}  {_where(copy)}" for copy in copies})
    return not refused and not unused, "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the gate; returns the exit status: 0 passed, 1 refused."""
    parser = argparse.ArgumentParser(
        prog="python -m cortex_m_lowering.float_gate",
        description="Refuse a lowered program that computes in float without being allowed to.",
    )
    parser.add_argument("--report", type=Path, required=True, help="NAME.json of the lowering")
    parser.add_argument(
        "--allow", action="append", default=[], metavar="NAME",
        help="an operator (aten::pow) or a module (encoder.cell) that may compute in float",
    )  # fmt: skip
    parser.add_argument("--label", help="what to call the model in the text")
    parser.add_argument("--out", type=Path, required=True, help="the text to write")
    options = parser.parse_args(arguments)
    try:
        report = json.loads(options.report.read_text("utf-8"))
        passed, text = check(report, options.allow)
        text = f"{options.label or report['name']}: {text}"
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(
            f"{options.report}: not a report of cortex_m_lowering ({error!r}); give the .json that "
            "was written beside the .pte",
            file=sys.stderr,
        )
        return 1
    options.out.write_text(text, "utf-8")
    if not passed:
        print(text, file=sys.stderr)
    return 0 if passed else 1


def _count(operators: list[dict[str, Any]], total: int) -> str:
    return f"{len(operators)} of {total} operators compute{'s' if len(operators) == 1 else ''}"


def _listed(operators: list[dict[str, Any]]) -> list[str]:
    """One block per operator, place and reason; equal ones are counted."""
    blocks: dict[tuple[str, str, str], int] = {}
    for operator in operators:
        key = (operator["op"], _where(operator), operator.get("reason", ""))
        blocks[key] = blocks.get(key, 0) + 1
    lines = []
    for (name, where, reason), times in blocks.items():
        lines.append(f"  {name}" + (f"  ({times} times)" if times > 1 else ""))
        lines.append(f"    in   {where}")
        if reason:
            lines.append(f"    why  {reason}")
    return lines


def _where(operator: dict[str, Any]) -> str:
    module = f"module {operator['module']}" if operator["module"] else ""
    return ", ".join(filter(None, (operator["source"], module))) or f"node {operator['node']}"


if __name__ == "__main__":
    sys.exit(main())
