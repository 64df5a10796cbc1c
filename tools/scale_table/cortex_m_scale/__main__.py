# SPDX-License-Identifier: Apache-2.0
"""Builds the matrix in a copy of the sources and prints the table: `bazel run //tools/scale_table`.

The checkout is not changed; the copy, the Bazel servers and what they made are gone in the end.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from cortex_m_cluster import Cluster, ClusterError

from cortex_m_scale.baseline import LoweringFailed, Python, one_by_one
from cortex_m_scale.bazel import Build, BuildFailed, Server, Sources, server
from cortex_m_scale.table import Figures, table

# What is edited, by the words of its row: what all images have of their own, a kernel of all cores.
EDITS = {
    "one C file of the application": "tools/ram_table/app.c",
    "one C file of the kernels": "kernels/src/quantized_conv2d.c",
}
PROGRAMS = "--output_groups=pte"
# Without this a build makes what `bazel run` needs too: the list of steps, the report, the stack.
LINKED = "--output_groups=elf"
NO_OPS = 3


def main() -> int:
    """Measure, print; returns the exit code."""
    arguments = parsed()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    workspace = Path(os.environ["BUILD_WORKSPACE_DIRECTORY"])
    try:
        with tempfile.TemporaryDirectory(prefix="scale_table.") as folder:
            print(table(measured(arguments, workspace, Path(folder))))
    except (BuildFailed, ClusterError, LoweringFailed) as error:
        print(f"scale_table: error: {error}", file=sys.stderr)
        return 1
    return 0


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scale_table", description=__doc__.splitlines()[0])
    parser.add_argument("--network", action="append", help="only these; default: all")
    parser.add_argument("--core", action="append", help="only these; default: all")
    launcher = parser.add_argument_group("given by the launcher")
    launcher.add_argument("--image", nargs=4, action="append", required=True,
                          metavar=("NETWORK", "CORE", "UPSTREAM_CORE", "LABEL"))  # fmt: skip
    launcher.add_argument("--factory", nargs=2, action="append", required=True)
    launcher.add_argument("--script", type=Path, required=True)
    launcher.add_argument("--cluster", type=Path, required=True)
    arguments = parser.parse_args()
    for option, column in (("network", 0), ("core", 1)):
        known = list(dict.fromkeys(image[column] for image in arguments.image))
        chosen = getattr(arguments, option) or known
        for name in chosen:
            if name not in known:
                parser.error(f"--{option} {name}: not one of {', '.join(known)}")
        setattr(arguments, option, chosen)
    return arguments


def measured(arguments: argparse.Namespace, workspace: Path, folder: Path) -> Figures:
    """Runs everything, one after the other."""
    chosen = [
        image
        for image in arguments.image
        if image[0] in arguments.network and image[1] in arguments.core
    ]
    labels = [label for *_, label in chosen]
    factories = dict(arguments.factory)
    pairs = [(factories[network], upstream) for network, _, upstream, _ in chosen]
    sources = Sources(workspace, kept_repositories(workspace))
    copy = folder / "workspace"
    sources.copy_to(copy)

    say("one lowering by ExecuTorch, not counted, so that its packages are in the page cache")
    python = Python(arguments.script.absolute(), workspace)
    one_by_one(python, pairs[:1], folder)
    say(f"{len(pairs)} lowerings by ExecuTorch's Python API, one after the other")
    baseline = one_by_one(python, pairs, folder)
    say(f"{baseline:.1f} s; {len(labels)} programs, cold")
    with server(sources, copy, folder / "programs") as bazel:
        programs = bazel.build(PROGRAMS, *labels)
    say(f"{programs.seconds:.1f} s; {len(labels)} images, cold")
    with server(sources, copy, folder / "images") as bazel:
        images = bazel.build(LINKED, *labels)
        say(f"{images.seconds:.1f} s; the same again, after edits, and with reports")
        again = [bazel.build(LINKED, *labels) for _ in range(NO_OPS)]
        edits = {what: edited(bazel, copy / file, labels) for what, file in EDITS.items()}
        reports = bazel.build(*labels)
    say(f"{reports.seconds:.1f} s; the images twice more, in checkouts that share a remote cache")
    with Cluster(arguments.cluster, folder / "cluster") as cluster:
        first, second = (
            checked_out(sources, folder / name, cluster.address, labels)
            for name in ("first", "second")
        )
    return Figures(
        networks=arguments.network,
        cores=arguments.core,
        processors=len(os.sched_getaffinity(0)),
        baseline=baseline,
        programs=programs,
        images=images,
        no_op=min(again, key=lambda build: build.seconds),
        edits=edits,
        reports=reports,
        first_checkout=first,
        second_checkout=second,
    )


def kept_repositories(workspace: Path) -> dict[str, Path]:
    """The repositories of this very Python and its packages, which are not made anew."""
    runfiles = Path(os.environ["RUNFILES_DIR"])
    used = [Path(path) for path in (sys.executable, *sys.path) if runfiles in Path(path).parents]
    names = {path.relative_to(runfiles).parts[0] for path in used}
    found = subprocess.run(
        [workspace / "bazelw", "info", "output_base"],
        cwd=workspace, check=True, capture_output=True, text=True,
    )  # fmt: skip
    external = Path(found.stdout.strip()) / "external"
    return {
        name: (external / name).resolve() for name in sorted(names) if (external / name).exists()
    }


def edited(bazel: Server, file: Path, labels: list[str]) -> Build:
    """Builds after a change of `file` that reaches its object file."""
    with file.open("a", encoding="utf-8") as stream:
        stream.write("\nstatic const int cortex_m_scale_edit __attribute__((used)) = 1;\n")
    return bazel.build(LINKED, *labels)


def checked_out(sources: Sources, folder: Path, cache: str, labels: list[str]) -> Build:
    """Builds in a checkout of its own, with nothing but a remote cache."""
    copy = folder / "workspace"
    sources.copy_to(copy)
    with server(sources, copy, folder / "server", cache) as bazel:
        return bazel.build(LINKED, *labels)


def say(text: str) -> None:
    print(f"scale_table: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
