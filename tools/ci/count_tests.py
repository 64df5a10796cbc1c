# SPDX-License-Identifier: Apache-2.0
"""Counts the test targets of Bazel's build event files: prints `passed failed`.

A target that failed to build counts as failed; a skipped (incompatible) one does not count.
"""

import json
import sys
from pathlib import Path


def statuses(path: Path) -> dict[str, str]:
    """Overall status of each test target of one build event JSON file, by label."""
    found = {}
    for line in path.read_text().splitlines():
        event = json.loads(line)
        label = event.get("id", {}).get("testSummary", {}).get("label")
        if label:
            found[label] = event["testSummary"]["overallStatus"]
    return found


def main() -> None:
    results = [status for path in sys.argv[1:] for status in statuses(Path(path)).values()]
    passed = sum(status == "PASSED" for status in results)
    print(passed, len(results) - passed)


if __name__ == "__main__":
    main()
