# SPDX-License-Identifier: Apache-2.0
"""Writes the .lock files from the .in files beside it.

    python3.11 toolchains/python/lock.py

pip chooses the versions and tells the wheels' hashes; nothing is downloaded but metadata. A
package is locked when a requirement reaches it without passing a name that the .in file says to
leave out.

pip must be configured so that it finds PyTorch's CPU build for x86-64 ("2.13.0+cpu"): of two
builds whose hashes are both listed, pip may take the one for CUDA.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.utils import canonicalize_name

HERE = Path(__file__).parent
PYTHON = "3.11"
# A platform's hash is listed when the package index has a wheel for it.
PLATFORMS = {
    "x86_64": [
        "manylinux_2_28_x86_64",
        "manylinux_2_27_x86_64",
        "manylinux2014_x86_64",
        "manylinux1_x86_64",
    ],
    "aarch64": ["manylinux_2_28_aarch64", "manylinux_2_27_aarch64", "manylinux2014_aarch64"],
    "macos": ["macosx_14_0_arm64", "macosx_11_0_arm64"],
}
HEADER = """\
# Written by lock.py from {source}; do not edit.
# Python {python}. Each hash is one platform's wheel.
"""


def pip_report(*arguments: str) -> list[dict]:
    """What `pip install` would install."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        pip = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet"]
        command = [*pip, "--report", str(report), *arguments]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr.strip().splitlines()[-1])
        return json.loads(report.read_text())["install"]


def leave_outs(source: Path) -> set[str]:
    lines = re.findall(r"^#leave-out: (.*)$", source.read_text(), re.MULTILINE)
    return {canonicalize_name(name) for line in lines for name in line.split()}


def needed(install: list[dict], left_out: set[str]) -> dict[str, str]:
    """Name -> version of what the requirements reach."""
    metadata = {canonicalize_name(item["metadata"]["name"]): item["metadata"] for item in install}
    reached: dict[str, str] = {}
    queue = [canonicalize_name(item["metadata"]["name"]) for item in install if item["requested"]]
    while queue:
        name = queue.pop()
        if name in reached or name in left_out:
            continue
        # A local version ("+cpu") names one build; the lock is for every build of the version.
        reached[name] = metadata[name]["version"].split("+")[0]
        for text in metadata[name].get("requires_dist", []):
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                queue.append(canonicalize_name(requirement.name))
    return dict(sorted(reached.items()))


def wheel_hashes(pins: list[str], tags: list[str]) -> dict[str, str]:
    """Name -> hash of the wheel for one platform; packages without a wheel for it are absent."""
    platform = [argument for tag in tags for argument in ("--platform", tag)]
    # pip takes a foreign platform only with a target, which a dry run leaves alone.
    options = ["--no-deps", "--only-binary=:all:", "--target=unused", "--python-version", PYTHON]
    try:
        report = pip_report(*options, *platform, *pins)
    except RuntimeError:
        if len(pins) == 1:
            return {}
        half = len(pins) // 2  # find those that fail
        return wheel_hashes(pins[:half], tags) | wheel_hashes(pins[half:], tags)
    return {
        canonicalize_name(item["metadata"]["name"]): archive["hashes"]["sha256"]
        for item in report
        if (archive := item["download_info"]["archive_info"])
    }


def lock(source: Path, agreed: dict[str, str], already: dict[str, str]) -> dict[str, str]:
    """Writes the lock of a file; returns the versions.

    Args:
        agreed: versions of other locks, which this one has to have, too.
        already: what another environment brings along, so that it is not locked again.
    """
    print(f"lock.py: resolving {source.name}", file=sys.stderr)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as constraints:
        constraints.write("".join(f"{name}=={version}\n" for name, version in agreed.items()))
        constraints.flush()
        install = pip_report("-r", str(source), "-c", constraints.name)
    versions = needed(install, leave_outs(source))
    new = {name: version for name, version in versions.items() if name not in already}
    found: dict[str, list[str]] = {name: [] for name in new}
    for platform, tags in PLATFORMS.items():
        print(f"lock.py: hashes for {platform}", file=sys.stderr)
        pins = [f"{name}=={version}" for name, version in new.items()]
        for name, digest in wheel_hashes(pins, tags).items():
            found[name] += [digest] if digest not in found[name] else []
    text = HEADER.format(source=source.name, python=PYTHON)
    for name, version in new.items():
        if not found[name]:
            raise SystemExit(f"lock.py: no wheel of {name} {version} for Python {PYTHON}")
        lines = [f"{name}=={version}", *(f"    --hash=sha256:{digest}" for digest in found[name])]
        text += " \\\n".join(lines) + "\n"
    source.with_suffix(".lock").write_text(text)
    return versions


def main() -> None:
    if sys.version_info[:2] != tuple(map(int, PYTHON.split("."))):
        raise SystemExit(f"lock.py: run it with Python {PYTHON}, the version it locks for")
    versions = lock(HERE / "requirements.in", {}, {})
    # Tests import from all environments at once: what two of them have is the same version.
    tools = lock(HERE / "requirements_tools.in", versions, {})
    lock(HERE / "requirements_dev.in", versions | tools, versions | tools)
    lock(HERE / "requirements_copy.in", {}, {})
    lock(HERE / "requirements_cluster.in", {}, {})


if __name__ == "__main__":
    main()
