# SPDX-License-Identifier: Apache-2.0
"""Writes the reference into the source tree: `bazel run //docs:update`."""

import argparse
import os
from pathlib import Path

from cortex_m_docs.reference import reference


def main() -> None:
    """Write the file named by `--out`, relative to the workspace."""
    parser = argparse.ArgumentParser(prog="update", description=__doc__.splitlines()[0])
    parser.add_argument("--repository", required=True, help="how users name it: @rules_cortex_m")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("files", type=Path, nargs="+", help="texts of starlark_doc_extract")
    arguments = parser.parse_args()
    files = [path.read_text("utf-8") for path in arguments.files]
    out = Path(os.environ["BUILD_WORKSPACE_DIRECTORY"]) / arguments.out
    out.write_text(reference(files, arguments.repository), "utf-8")
    print(f"wrote {out}")


if __name__ == "__main__":
    main()
