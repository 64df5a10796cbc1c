# SPDX-License-Identifier: Apache-2.0
"""Removes what pip installed and no action reads.

    python3.11 trim.py SITE_PACKAGES

Start scripts name this machine's Python: without them the packages are the same bytes on every
machine. C++ headers and static libraries, for extensions nobody builds here, are two fifths of the
files, which remote caches and machines would have to take. Programs (flatc, ruff) stay.
"""

import csv
import shutil
import sys
from pathlib import Path


def trim(site_packages: Path) -> None:
    for file in site_packages.glob("bin/*"):
        with file.open("rb") as script:
            is_script = script.read(2) == b"#!"
        if is_script:
            file.unlink()
    for pattern in ("include", "*/include"):
        for folder in site_packages.glob(pattern):
            shutil.rmtree(folder)
    for library in site_packages.glob("lib*/*.a"):
        library.unlink()
    for record in site_packages.glob("*.dist-info/RECORD"):
        with record.open(newline="") as file:
            rows = [row for row in csv.reader(file) if (site_packages / row[0]).is_file()]
        with record.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    trim(Path(sys.argv[1]))
