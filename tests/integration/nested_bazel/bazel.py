# SPDX-License-Identifier: Apache-2.0
"""One Bazel server on one workspace."""

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Self

from nested_bazel import servers
from nested_bazel.machine import MACHINE
from nested_bazel.result import Result

# Commands that report what they build.
_BUILDING = ("build", "coverage", "run", "test")
_TAIL = 6000
TIMEOUT_S = 600.0


class BazelError(AssertionError):
    """An invocation did not end as expected."""


class Invocation:
    """A running invocation; `process` may be watched or killed before `wait`."""

    def __init__(self, bazel: "Bazel", command: list[str], events: Path, log: Path | None):
        self.command = command
        self._bazel = bazel
        self._events = events
        self._log = log
        self._out = events.with_suffix(".out")
        self._err = events.with_suffix(".err")
        # Files, not pipes: nobody has to read them for Bazel to go on.
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(
                command,
                cwd=bazel.workspace,
                env=bazel.env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )

    def stderr(self) -> str:
        """What Bazel has said so far."""
        return self._err.read_text(errors="replace")

    def wait(self, timeout: float = TIMEOUT_S) -> Result:
        """Waits for the end; stops the server if that takes too long."""
        try:
            exit_code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self._bazel.stop_server()
            self.process.kill()
            self.process.wait()
            raise BazelError(
                f"{' '.join(self.command)}\ndid not end in {timeout:.0f} s; "
                f"it said:\n{self.stderr()[-_TAIL:]}"
            ) from None
        text = self._events.read_text() if self._events.exists() else ""
        return Result(
            command=self.command,
            exit_code=exit_code,
            stdout=self._out.read_text(errors="replace"),
            stderr=self.stderr(),
            events=[json.loads(line) for line in text.splitlines()],
            log=self._log,
        )


class Bazel:
    """Bazel on a workspace, with a server and caches of its own; a context manager that ends them.

    Args:
        workspace: folder with MODULE.bazel or WORKSPACE.
        folder: a new folder for everything Bazel writes. Logs of all invocations stay in it.
        rc_lines: more lines of the rc file, e.g. `build --disk_cache=/some/folder`.
        env: environment of the client, on top of Machine.environment.
        with_environments: whether the Python environments are taken from the Bazel that runs the
            test; otherwise pip installs them.
        launcher: command that starts the client, e.g. as another user.
    """

    def __init__(
        self,
        workspace: Path,
        folder: Path,
        rc_lines: Iterable[str] = (),
        env: Mapping[str, str] = {},
        with_environments: bool = True,
        launcher: Sequence[str] = (),
    ):
        self._launcher = list(launcher)
        self.workspace = workspace.resolve()
        self.folder = folder.resolve()
        self.output_user_root = self.folder / "root"
        self._logs = self.folder / "logs"
        for made in (self.output_user_root, self._logs, self.folder / "home"):
            made.mkdir(parents=True, exist_ok=True)
        self.env = MACHINE.environment(self.folder / "home") | dict(env)
        self._rc = self.folder / "bazelrc"
        self._rc.write_text(
            MACHINE.rc_text(with_environments) + "".join(f"{line}\n" for line in rc_lines)
        )
        self._numbers = itertools.count(1)
        # Ends the server if this process does not live to do it.
        self._guard = subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", servers.__file__, self.output_user_root],
            stdin=subprocess.PIPE,
            start_new_session=True,
            env=os.environ,
        )

    def command(self, command: str, *arguments: str) -> list[str]:
        """A command line for this workspace and server."""
        return [
            *self._launcher,
            MACHINE.bazel,
            "--nosystem_rc",
            "--nohome_rc",
            f"--bazelrc={self._rc}",
            f"--output_user_root={self.output_user_root}",
            command,
            *arguments,
        ]

    def start(self, command: str, *arguments: str, log_spawns: bool = False) -> Invocation:
        """Starts an invocation.

        Args:
            command: `build`, `test`, `query`, ...
            arguments: its options and targets.
            log_spawns: also record which spawn ran where (Result.spawns). Bazel then reads every
                input, folders of packages too, as it does for a cache: some 10 s for torch.
        """
        number = next(self._numbers)
        events = self._logs / f"{number}-{command}.events"
        log = self._logs / f"{number}-{command}.spawns" if log_spawns else None
        options = []
        if command in _BUILDING:
            options.append(f"--build_event_json_file={events}")
            if log:
                options += [f"--execution_log_json_file={log}", "--noexecution_log_sort"]
        return Invocation(self, self.command(command, *options, *arguments), events, log)

    def run(
        self,
        command: str,
        *arguments: str,
        expect: int | None = 0,
        log_spawns: bool = False,
        timeout: float = TIMEOUT_S,
    ) -> Result:
        """Runs a command to its end.

        Args:
            command: `build`, `test`, `query`, ...
            arguments: its options and targets.
            expect: the exit code it has to have; None: any.
            log_spawns: see `start`.
            timeout: seconds.
        """
        result = self.start(command, *arguments, log_spawns=log_spawns).wait(timeout)
        if expect is not None and result.exit_code != expect:
            raise BazelError(
                f"{' '.join(result.command)}\nended with {result.exit_code}, not {expect}:\n"
                f"{result.stdout[-_TAIL:]}\n{result.stderr[-_TAIL:]}"
            )
        return result

    def build(self, *arguments: str, **options) -> Result:
        """`run("build", ...)`."""
        return self.run("build", *arguments, **options)

    def test(self, *arguments: str, **options) -> Result:
        """`run("test", ...)`."""
        return self.run("test", *arguments, **options)

    def stop_server(self) -> None:
        """Stops the server, whatever it is doing."""
        servers.stop(self.output_user_root)

    def close(self) -> None:
        """Stops the server for good."""
        if self._guard.poll() is None:
            # Its input ends: it stops what runs.
            self._guard.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
