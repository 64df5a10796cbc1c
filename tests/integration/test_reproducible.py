# SPDX-License-Identifier: Apache-2.0
"""The same sources are the same bytes: elsewhere, by another user, once, by other paths."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import product
import pytest
from builds import Build
from nested_bazel import Bazel, describe, unpack_sources

# In their order: what an image is made of, and what is made of it.
KINDS = {".pte", ".vectors", ".json", ".c", ".h", ".S", ".o", ".a", ".elf"} | {
    ".bin",
    ".hex",
    ".map",
    ".txt",
    ".html",
}

OTHER_USER = ["unshare", "--user", "--map-user=4711", "--map-group=4711"]


def other_user() -> list[str]:
    """A command that runs another one as somebody else, where that is possible."""
    try:
        works = subprocess.run([*OTHER_USER, "true"], capture_output=True).returncode == 0
    except FileNotFoundError:
        works = False
    return OTHER_USER if works else []


@pytest.fixture(scope="module")
def second(tmp_path_factory) -> Iterator[Build]:
    """The same build under other circumstances."""
    folder: Path = tmp_path_factory.mktemp("second")
    workspace = unpack_sources(folder / "another/place/with/a/longer/name")
    env = {
        "HOME": str(folder),
        "LANG": "de_DE.UTF-8",
        "LC_ALL": "",
        "LOGNAME": "somebody",
        "PYTHONHASHSEED": "4711",
        "TZ": "Asia/Kathmandu",
        "USER": "somebody",
    }
    options = ["build --spawn_strategy=sandboxed --config=path-mapping --subcommands"]
    with Bazel(workspace, folder / "bazel", options, env, launcher=other_user()) as bazel:
        yield Build.of(bazel, folder / "outputs")


def as_mapped(path: Path) -> bytes:
    """A file; arguments of an action as they are where its paths are mapped."""
    content = path.read_bytes()
    if path.suffix == ".params":
        content = re.sub(rb"\bbazel-out/[^/]+/bin\b", b"bazel-out/cfg/bin", content)
    return content


def test_two_clean_builds_give_the_same_bytes(first, second):
    assert any(result.runners["worker"] for result in first.results)
    assert not any(result.runners["worker"] for result in second.results)
    assert first.outputs.kinds() >= KINDS
    differences = first.outputs.differences(second.outputs, as_mapped)
    assert not differences, f"{len(differences)} files differ\n" + "\n".join(differences[:5])


def test_no_command_of_python_names_a_configuration(second):
    said = "".join(result.stderr for result in second.results)
    found = re.findall(r"^SUBCOMMAND: .*mnemonic: (\w+)\]\n((?:(?!#).+\n)+)", said, re.MULTILINE)
    commands = [(mnemonic, text) for mnemonic, text in found if "-m cortex_m_worker" in text]
    assert {mnemonic for mnemonic, _ in commands} >= {
        "CortexMLower",
        "CortexMPlan",
        "CortexMReport",
    }
    for mnemonic, text in commands:
        assert set(re.findall(r"\bbazel-out/([^/]+)/", text)) == {"cfg"}, mnemonic


def test_a_sandboxed_worker_gives_the_same_bytes(second):
    lowering = product.lowering(second)
    lowering.remove()
    result = lowering.build("--spawn_strategy=worker")
    assert result.actions["CortexMLower"] == result.runners["worker"] == 1
    assert lowering.read(lowering.folder) == lowering.content


def test_two_configurations_share_a_cached_plan(second, tmp_path: Path):
    made = {}
    for mode, runner in (("fastbuild", "linux-sandbox"), ("opt", "disk cache hit")):
        result = second.bazel.build(
            f"--disk_cache={tmp_path}",
            "--remote_download_all",
            f"--compilation_mode={mode}",
            "--platforms=//toolchains/platforms:cortex_m55",
            "--output_groups=plan",
            "//examples/digits:digits_model",
        )
        assert result.actions["CortexMLower"] == 0
        assert result.actions["CortexMPlan"] == result.runners[runner] == 1
        assert all(f"/k8-{mode}/" in str(path) for path in result.files.values())
        made[mode] = {name: path.read_bytes() for name, path in result.files.items()}
    assert made["opt"] == made["fastbuild"]


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (b"a\nb\nc\n", b"a\nx\nc\n", "-b\n+x"),
        (b"\xff\0\1\2", b"\xff\0\1\3", "byte 0x3: 02\n     instead: 03"),
        (b"\xff\0", b"\xff\0\1", "byte 0x2: (its end)\n     instead: 01"),
    ],
)
def test_a_difference_is_shown_where_it_is(tmp_path: Path, first, second, words):
    for name, content in (("first", first), ("second", second)):
        (tmp_path / name).write_bytes(content)
    assert words in describe(tmp_path / "first", tmp_path / "second")
