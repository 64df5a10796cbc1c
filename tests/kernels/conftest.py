# SPDX-License-Identifier: Apache-2.0
"""Counts the cases of test_random.py and prints the sum at the end."""

import os
from collections import Counter

import pytest

_RIGHT = pytest.StashKey[Counter]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_RIGHT] = Counter()


@pytest.fixture(scope="session")
def right(pytestconfig: pytest.Config) -> Counter:
    """How many cases of an operator were right."""
    return pytestconfig.stash[_RIGHT]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    right = config.stash[_RIGHT]
    terminalreporter.write_line(
        f"{os.environ['ISA']}: {len(right)} operators, {right.total()} random cases right"
    )
