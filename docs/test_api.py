# SPDX-License-Identifier: Apache-2.0
"""docs/API.md says what the docstrings say."""

import os
from difflib import unified_diff
from pathlib import Path

import pytest
from cortex_m_docs.reference import reference


def test_is_what_the_docstrings_say():
    texts = [Path(path).read_text("utf-8") for path in os.environ["TEXTS"].split()]
    made = reference(texts, "@rules_cortex_m").splitlines()
    there = Path("docs/API.md").read_text("utf-8").splitlines()
    difference = list(unified_diff(there, made, "docs/API.md", "the docstrings", n=1, lineterm=""))
    if difference:
        pytest.fail("run `bazel run //docs:update`:\n" + "\n".join(difference), pytrace=False)
