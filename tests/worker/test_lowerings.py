# SPDX-License-Identifier: Apache-2.0
"""A lowering gives the same bytes once, in a worker, and after any other one in that worker."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.worker.harness import Worker, run_once

LOWER = ("--module", "cortex_m_lowering", "--preload", "cortex_m_lowering.warm")
PATIENCE = 120.0

# Two of one name, and the first spoils torch for whatever comes after it in its process.
MODELS = {
    "digits": (
        ".",
        *("--target", "cortex-m55+int8", "--model", "examples.digits.model:digits"),
        *("--weights", "examples/digits/weights.safetensors"),
        *("--calibration", "examples/digits/calibration.npz"),
    ),
    "spoiling": ("tests/worker/roots/first", "--target", "cortex-m4+int8", "--model", "net:net"),
    "plain": ("tests/worker/roots/second", "--target", "cortex-m0+int8", "--model", "net:net"),
}


def request(model: str, out: Path) -> list[str]:
    """The arguments of a request, import root first."""
    root, *arguments = MODELS[model]
    return [root, *arguments, "--name", "net", "--quiet", "--out", str(out)]


def outputs(out: Path) -> dict[str, bytes]:
    files = {path.name: path.read_bytes() for path in out.iterdir()}
    assert sorted(files) == ["net.json", "net.pte", "net.vectors"]
    return files


@pytest.fixture(scope="module")
def once(tmp_path_factory) -> dict[str, dict[str, bytes]]:
    """What models become in processes of their own."""
    made = {}
    for model in ("digits", "plain"):
        folder = tmp_path_factory.mktemp(model)
        root, *arguments = request(model, folder / "out")
        result = run_once(
            folder, [f"--import-root={root}", "--", *arguments], LOWER, PYTHONHASHSEED="1"
        )
        assert result.returncode == 0, result.stdout
        made[model] = outputs(folder / "out")
    return made


@pytest.fixture(scope="module")
def worker(tmp_path_factory) -> Iterator[Worker]:
    """One for all tests: it imports torch once."""
    started = Worker(tmp_path_factory.mktemp("worker") / "log", LOWER, PYTHONHASHSEED="2")
    yield started
    started.kill()


def test_any_order_in_one_worker(worker, once, tmp_path):
    expected = dict(once)
    for number, model in enumerate(["plain", "spoiling", "plain", "digits", "spoiling"]):
        root, *arguments = request(model, tmp_path / str(number))
        worker.send(*arguments, roots=[root])
        response = worker.receive(PATIENCE)
        assert response == {"requestId": 0, "exitCode": 0, "output": ""}, model
        made = outputs(tmp_path / str(number))
        first = expected.setdefault(model, made)
        different = [name for name in made if made[name] != first[name]]
        assert not different, f"{model}, request {number}: {different} differ"
    assert expected["spoiling"]["net.pte"] != expected["plain"]["net.pte"]


def test_error_of_the_lowering(worker, tmp_path):
    _, *arguments = request("plain", tmp_path)
    worker.send(*arguments)
    response = worker.receive(PATIENCE)
    assert response["exitCode"] == 1
    assert "there is no Python module 'net'" in response["output"]
    assert list(tmp_path.iterdir()) == []


def test_worker_has_one_thread(worker):
    """Another one would not be in the fork, and a lock it holds would never open."""
    worker.send("--help")
    assert worker.receive(PATIENCE)["exitCode"] == 0
    assert len(list(Path(f"/proc/{worker.process.pid}/task").iterdir())) == 1
