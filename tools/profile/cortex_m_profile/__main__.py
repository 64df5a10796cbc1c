# SPDX-License-Identifier: Apache-2.0
"""Runs an image in QEMU and shows what its models execute.

python -m cortex_m_profile --image NAME.profile.json --plugin counter.so [--json FILE]
    [--quiet] -- qemu-system-arm ARGUMENT...
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from cortex_m_profile import counts, image, profile, show
from cortex_m_profile.errors import ProfileError

_FAILED = 3


def measure(described: image.Image, plugin: Path, qemu: list[str]) -> tuple[int, counts.Counts]:
    """Runs the emulator with the plugin; returns its status and what was counted."""
    with tempfile.TemporaryDirectory(prefix="profile") as name:
        steps, counted = Path(name, "map"), Path(name, "counts")
        steps.write_text(described.map(), "ascii")
        options = ",".join(
            str(part).replace(",", ",,") for part in (plugin, f"map={steps}", f"out={counted}")
        )
        status = subprocess.run([*qemu, "-plugin", options], check=False).returncode
        if not counted.exists():
            raise ProfileError(
                f"{qemu[0]} did not load the counter plugin: the profile needs a QEMU with plugins "
                "of API version 7, which is QEMU 11.1 or newer"
            )
        return status, counts.read(counted)


def main() -> int:
    parser = argparse.ArgumentParser(prog="cortex_m_profile", description=__doc__.splitlines()[0])
    parser.add_argument("--image", type=Path, required=True)
    parser.add_argument("--plugin", type=Path, required=True)
    parser.add_argument("--json", type=Path, help="write the profile to this file too")
    parser.add_argument("--quiet", action="store_true", help="show no table")
    parser.add_argument("qemu", nargs="+", metavar="ARGUMENT")
    arguments = parser.parse_args()
    try:
        described = image.read(arguments.image)
        if not described.models:
            raise ProfileError(
                f"{described.name}: no model to profile: "
                "no cortex_m_library among its deps, or no symbols"
            )
        status, counted = measure(described, arguments.plugin.resolve(), arguments.qemu)
        found = profile.make(described, counted)
        if arguments.json is not None:
            arguments.json.write_text(json.dumps(show.as_json(found), indent=1) + "\n", "utf-8")
    except (ProfileError, OSError) as error:
        print(f"profile: {error}", file=sys.stderr)
        return _FAILED
    if not arguments.quiet:
        print(f"\n{show.as_text(found)}")
    return status


if __name__ == "__main__":
    sys.exit(main())
