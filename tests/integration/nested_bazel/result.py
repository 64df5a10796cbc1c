# SPDX-License-Identifier: Apache-2.0
"""What an invocation of Bazel did, from its build events and its execution log."""

import dataclasses
import json
from collections import Counter
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse


@dataclasses.dataclass(frozen=True)
class Spawn:
    """A command that was executed, or whose result came from a cache."""

    mnemonic: str
    runner: str
    cache_hit: bool
    label: str
    exit_code: int
    outputs: dict[str, str]  # path below the execution root -> digest
    properties: dict[str, str]  # of the machine that was asked for
    action: str  # hash and size of its description, by which a remote cache knows it


@dataclasses.dataclass(frozen=True)
class Result:
    """The end of an invocation.

    Attributes:
        command: the command line.
        exit_code: Bazel's: 0, 1 (the build failed), 3 (a test failed), ...
        stdout: what the command printed.
        stderr: what Bazel said.
        events: the build events; empty for commands that build nothing.
        log: the execution log, if it was asked for.
    """

    command: list[str]
    exit_code: int
    stdout: str
    stderr: str
    events: list[dict[str, Any]]
    log: Path | None = None

    @cached_property
    def metrics(self) -> dict[str, Any]:
        """Bazel's BuildMetrics."""
        found = [event["buildMetrics"] for event in self.events if "buildMetrics" in event]
        return found[0] if found else {}

    @cached_property
    def actions(self) -> Counter[str]:
        """Mnemonic -> actions that were not up to date: executed, or taken from a cache."""
        data = self.metrics.get("actionSummary", {}).get("actionData", [])
        return Counter({item["mnemonic"]: int(item["actionsExecuted"]) for item in data})

    @cached_property
    def runners(self) -> Counter[str]:
        """Runner ("linux-sandbox", "worker", "disk cache hit", "internal", ...) -> spawns."""
        data = self.metrics.get("actionSummary", {}).get("runnerCount", [])
        return Counter(
            {item["name"]: int(item["count"]) for item in data if item["name"] != "total"}
        )

    @cached_property
    def spawns(self) -> list[Spawn]:
        """All spawns, of an invocation with `log_spawns`."""
        if self.log is None:
            raise ValueError("the execution log was not asked for: log_spawns = True")
        return list(_read_log(self.log))

    def executed(self) -> Counter[str]:
        """Mnemonic -> spawns that ran somewhere. Needs `log_spawns`."""
        return Counter(spawn.mnemonic for spawn in self.spawns if not spawn.cache_hit)

    def cache_hits(self) -> Counter[str]:
        """Mnemonic -> spawns whose result came from a disk or remote cache. Needs `log_spawns`."""
        return Counter(spawn.mnemonic for spawn in self.spawns if spawn.cache_hit)

    def ran_by(self, runner: str) -> Counter[str]:
        """Mnemonic -> spawns of one runner. Needs `log_spawns`."""
        return Counter(spawn.mnemonic for spawn in self.spawns if spawn.runner == runner)

    @cached_property
    def failures(self) -> dict[str, str]:
        """Target of the command that failed -> `loading`, `analysis` or `execution`."""
        requested, completed, stages = set(), set(), {}
        for event in self.events:
            kind, identity = next(iter(event["id"].items()))
            if kind == "pattern":
                if event.get("aborted", {}).get("reason") == "LOADING_FAILURE":
                    stages |= dict.fromkeys(identity["pattern"], "loading")
                for child in event.get("children", []):
                    if "targetConfigured" in child:
                        requested.add(child["targetConfigured"]["label"])
            elif kind == "targetCompleted" and "completed" in event:
                completed.add(identity["label"])
                if not event["completed"].get("success"):
                    stages[identity["label"]] = "execution"
        return stages | dict.fromkeys(requested - completed, "analysis")

    @cached_property
    def files(self) -> dict[str, Path]:
        """Path below the configuration's folder (`firmware/m55_app.elf`) -> file; what was built.

        Default outputs and the output groups that were asked for, of all targets of the command.
        """
        return {
            item["name"]: Path(unquote(urlparse(item["uri"]).path))
            for event in self.events
            for item in event.get("namedSetOfFiles", {}).get("files", [])
            if "uri" in item
        }


def _read_log(path: Path):
    """The spawns in a JSON execution log: objects one after the other."""
    text = path.read_text()
    decoder = json.JSONDecoder()
    position = 0
    while (position := text.find("{", position)) >= 0:
        entry, position = decoder.raw_decode(text, position)
        yield Spawn(
            mnemonic=entry["mnemonic"],
            runner=entry["runner"],
            cache_hit=entry["cacheHit"],
            label=entry.get("targetLabel", ""),
            exit_code=entry.get("exitCode", 0),
            outputs={
                output["path"]: output.get("digest", {}).get("hash", "")
                for output in entry.get("actualOutputs", [])
            },
            properties={
                item["name"]: item["value"]
                for item in entry.get("platform", {}).get("properties", [])
            },
            action="{hash} {sizeBytes}".format(**entry["digest"]) if "digest" in entry else "",
        )
