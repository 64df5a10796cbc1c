# SPDX-License-Identifier: Apache-2.0
"""A Bazel server of its own on a copy of the sources, with nothing cached but what it is told."""

import json
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# How the mnemonics of actions begin that run a tool: this project's, the compiler and the linker.
COUNTED = ("CortexM", "Cpp")

# What Bazel calls what ran an action when nothing did.
CACHE_HIT = "remote cache hit"


class BuildFailed(Exception):
    """A nested build failed; the message ends with what Bazel said."""


@dataclass(frozen=True)
class Build:
    """One `bazel build`.

    Attributes:
        seconds: its wall time.
        actions: how many were run, by mnemonic; if some only were cache hits, those are among them.
        hits: how many were taken from the remote cache.
    """

    seconds: float
    actions: Counter[str] = field(default_factory=Counter)
    hits: int = 0


@dataclass(frozen=True)
class Sources:
    """The checkout, and where the repositories are that a new server gets as they are."""

    workspace: Path
    repositories: dict[str, Path]

    def copy_to(self, folder: Path) -> None:
        """Copies the checkout without what Bazel and git keep in it."""
        shutil.copytree(
            self.workspace, folder, symlinks=True, ignore=shutil.ignore_patterns("bazel-*", ".git")
        )


class Server:
    """Runs Bazel in `workspace` with an output base in `folder`.

    No disk cache, and no remote one but that of `cache`, an address.
    """

    def __init__(self, sources: Sources, workspace: Path, folder: Path, cache: str = ""):
        self.bazelw = sources.workspace / "bazelw"
        self.workspace = workspace
        self.folder = folder
        self.options = [
            "--disk_cache=",
            "--remote_executor=",
            f"--remote_cache={cache}",
            # As in --config=remote-cache of .bazelrc.
            "--experimental_remote_merkle_tree_cache",
            "--symlink_prefix=/",
        ]
        self.options += [
            f"--override_repository={name}={path}" for name, path in sources.repositories.items()
        ]

    def build(self, *arguments: str) -> Build:
        """Builds; the time is that of the whole command, the start of a server included."""
        events = self.folder / "events.json"
        begin = time.monotonic()
        done = self._run(
            "build", *self.options, f"--build_event_json_file={events}",
            "--experimental_record_metrics_for_all_mnemonics", "--noshow_progress", *arguments,
        )  # fmt: skip
        seconds = time.monotonic() - begin
        if done.returncode:
            tail = "\n".join(done.stdout.splitlines()[-40:])
            raise BuildFailed(f"bazel build {' '.join(arguments)}: exit {done.returncode}\n{tail}")
        return Build(seconds, *executed(events.read_text("utf-8").splitlines()))

    def shutdown(self) -> None:
        self._run("shutdown")

    def _run(self, command: str, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [self.bazelw, f"--output_base={self.folder / 'base'}", command, *arguments],
            cwd=self.workspace,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )


@contextmanager
def server(sources: Sources, workspace: Path, folder: Path, cache: str = "") -> Iterator[Server]:
    """A Server that is stopped, and its folder removed, whatever happens."""
    folder.mkdir()
    running = Server(sources, workspace, folder, cache)
    try:
        yield running
    finally:
        running.shutdown()
        remove(folder)


def remove(folder: Path) -> None:
    """Removes a tree with the read-only folders that Bazel makes."""
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(folder)


def executed(events: Sequence[str]) -> tuple[Counter[str], int]:
    """`actions` and `hits` of a Build, from the lines of its event file.

    What Bazel does by itself (symlinks, files written from strings) is left out.
    """
    for line in events:
        metrics: dict[str, Any] = json.loads(line).get("buildMetrics")
        if metrics:
            summary = metrics["actionSummary"]
            runners = {one["name"]: int(one["count"]) for one in summary.get("runnerCount", [])}
            hits = runners.get(CACHE_HIT, 0)
            # Bazel counts a hit as an action of its mnemonic, too.
            if hits and not runners.keys() - {CACHE_HIT, "internal", "total"}:
                return Counter(), hits
            actions = Counter(
                {
                    one["mnemonic"]: int(one.get("actionsExecuted", 0))
                    for one in summary.get("actionData", [])
                    if one["mnemonic"].startswith(COUNTED)
                }
            )
            return actions, hits
    raise ValueError("the build event file has no buildMetrics: the build was cut off")
