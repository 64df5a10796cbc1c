# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the plan compiler's tests."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import support


@pytest.fixture
def refused(tmp_path: Path, capsys: pytest.CaptureFixture) -> Callable[..., str]:
    """Plans a program that has to be refused; returns the message."""

    def run(program: Path | support.Draft, **options: Any) -> str:
        if isinstance(program, support.Draft):
            program = program.write(tmp_path)
        out = tmp_path / "out"
        assert support.plan(program, out, **options) == 1
        message = capsys.readouterr().err
        assert message.startswith("error: ")
        assert "way out: " in message
        assert not out.exists() or not list(out.iterdir())
        return message

    return run


@pytest.fixture
def planned(tmp_path: Path, capsys: pytest.CaptureFixture) -> Callable[..., list[dict[str, Any]]]:
    """Plans a program; returns the steps of its plan."""

    def run(draft: support.Draft, **options: Any) -> list[dict[str, Any]]:
        status = support.plan(draft.write(tmp_path), tmp_path / "out", **options)
        assert status == 0, capsys.readouterr().err
        return support.steps(tmp_path / "out")

    return run
