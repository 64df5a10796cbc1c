# SPDX-License-Identifier: Apache-2.0
"""The same sources are the same bytes: in another folder, by another user, without the worker."""

import subprocess
from pathlib import Path

import pytest
from builds import build_images
from nested_bazel import Bazel, Outputs, describe, unpack_sources

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


def test_two_clean_builds_give_the_same_bytes(first, tmp_path: Path):
    here = first.outputs
    assert any(result.runners["worker"] for result in first.results)
    workspace = unpack_sources(tmp_path / "another/place/with/a/longer/name")
    env = {
        "HOME": str(tmp_path),
        "LANG": "de_DE.UTF-8",
        "LC_ALL": "",
        "LOGNAME": "somebody",
        "PYTHONHASHSEED": "4711",
        "TZ": "Asia/Kathmandu",
        "USER": "somebody",
    }
    one_shot = ["build --spawn_strategy=sandboxed"]
    with Bazel(workspace, tmp_path / "bazel", one_shot, env, launcher=other_user()) as bazel:
        results = build_images(bazel)
        there = Outputs.of(results[-1], tmp_path / "outputs")
    assert not any(result.runners["worker"] for result in results)
    assert here.kinds() >= KINDS
    differences = here.differences(there)
    assert not differences, f"{len(differences)} files differ\n" + "\n".join(differences[:5])


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
