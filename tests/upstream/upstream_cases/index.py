# SPDX-License-Identifier: Apache-2.0
"""The list of upstream's cases beside their programs, as JSON.

cases     id, name, twins, note (upstream's reason to expect a failure), and not_run: by ISA
          the heading and the reason why there is no program
not_run   id, heading and reason of tests that give no case at all
"""

from __future__ import annotations

import json
from typing import Any

from upstream_cases.case import Case, NotRun


def entry(case: Case, not_run: dict[str, NotRun]) -> dict[str, Any]:
    """One case of the list."""
    return {
        "id": case.id,
        "name": case.name,
        "twins": case.twins,
        "note": case.expected_failure,
        "not_run": {isa: [one.heading, one.reason] for isa, one in not_run.items()},
    }


def text(entries: list[dict[str, Any]], omitted: list[NotRun]) -> str:
    """The file."""
    content = {
        "cases": entries,
        "not_run": [{"id": o.id, "heading": o.heading, "reason": o.reason} for o in omitted],
    }
    return json.dumps(content, indent=1, sort_keys=True) + "\n"
