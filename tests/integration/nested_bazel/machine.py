# SPDX-License-Identifier: Apache-2.0
"""How Bazel is run on this machine."""

import dataclasses
import json
import os
from pathlib import Path


@dataclasses.dataclass(frozen=True)
class Machine:
    """What @cortex_m_machine found out.

    Attributes:
        bazel: the program.
        bazel_version: for Bazelisk, which would otherwise take another one in another workspace.
        bazelisk_home: where Bazelisk keeps what it has downloaded.
        overrides: canonical repository name -> folder that is there already (Python environments).
        path: the PATH on which compiler and emulator are found.
        toolbox_rc: text of the rc file that the toolbox's Bazel needs; empty for another Bazel.
    """

    bazel: str
    bazel_version: str
    bazelisk_home: str
    overrides: dict[str, str]
    path: str
    toolbox_rc: str

    def rc_text(self, with_environments: bool = True) -> str:
        """Options every nested Bazel gets."""
        lines = [
            self.toolbox_rc,
            "startup --max_idle_secs=300 --host_jvm_args=-Xmx2g",
            "common --color=no --curses=no --noshow_progress",
            # All mnemonics are counted, not only the twenty most frequent.
            "build --experimental_record_metrics_for_all_mnemonics",
            "build --experimental_convenience_symlinks=ignore",
            # A folder of packages is one input; that Bazel does not look inside is known.
            "build --ui_event_filters=-WARNING",
        ]
        if with_environments:
            lines += [
                f"common --override_repository={name}={folder}"
                for name, folder in self.overrides.items()
            ]
        return "\n".join(lines) + "\n"

    def environment(self, home: Path) -> dict[str, str]:
        """What the client is started with: nothing of the test's own, nothing of the user's."""
        return {
            "BAZELISK_HOME": self.bazelisk_home,
            "HOME": str(home),
            "LC_ALL": "C.UTF-8",
            "PATH": self.path,
            "USER": "nested",
            "USE_BAZEL_VERSION": self.bazel_version,
        }


MACHINE = Machine(**json.loads(Path(os.environ["NESTED_MACHINE"]).read_text()))
