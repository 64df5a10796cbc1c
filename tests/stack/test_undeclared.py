# SPDX-License-Identifier: Apache-2.0
"""What the build cannot know is said, with what to declare."""

import json
import os
from pathlib import Path

REPORTS = {Path(path).name: Path(path) for path in os.environ["REPORTS"].split()}


def test_recursion_and_pointers_are_told():
    table = json.loads(REPORTS["undeclared_m4.stack.json"].read_text())
    found = {(one["function"], one["kind"]): one["text"] for one in table["unknown"]}
    assert set(found) == {("visit", "indirect call"), ("walk", "recursion")}
    assert 'stack_calls = {"visit": ["FUNCTION"]}' in found["visit", "indirect call"]
    assert 'stack_recursion = {"walk": "TIMES"}' in found["walk", "recursion"]


def test_pointers_are_counted_as_the_deepest_candidate():
    table = json.loads(REPORTS["undeclared_m4.stack.json"].read_text())
    assert "on_leaf" in [step["function"] for step in table["path"]]


def test_the_text_says_so_too():
    text = REPORTS["undeclared_m4.stack.txt"].read_text()
    assert "not known:" in text
    assert "recursion: walk may call itself again; counted once." in text
