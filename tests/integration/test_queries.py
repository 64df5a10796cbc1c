# SPDX-License-Identifier: Apache-2.0
"""docs/QUERIES.md: Bazel still answers what stands there."""

import re
import shlex
from pathlib import Path

import pytest
from nested_bazel import Bazel, unpack_sources

BLOCKS = re.compile(r"^```console\n\$ bazel (.*)\n((?:.*\n)*?)```$", re.MULTILINE)
QUESTIONS = BLOCKS.findall(Path("docs/QUERIES.md").read_text("utf-8"))


@pytest.fixture(scope="module")
def bazel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("queries")
    with Bazel(unpack_sources(folder / "workspace"), folder / "bazel") as bazel:
        yield bazel


def pattern(answer: str) -> str:
    """A regular expression: `...` is any text of a line, or any lines where it stands alone."""
    lines = (
        r"(?:.*\n)*" if line == "..." else r".*".join(map(re.escape, line.split("..."))) + r"\n"
        for line in answer.splitlines()
    )
    return "".join(lines)


def test_there_are_questions_of_each_kind():
    assert {question.split()[0] for question, _ in QUESTIONS} == {"query", "cquery", "aquery"}


@pytest.mark.parametrize(("question", "answer"), QUESTIONS, ids=[one for one, _ in QUESTIONS])
def test_answer(bazel, question, answer):
    got = bazel.run(*shlex.split(question)).stdout
    assert re.fullmatch(pattern(answer), got.strip() + "\n"), f"docs/QUERIES.md:\n{answer}\n{got}"
