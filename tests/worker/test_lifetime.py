# SPDX-License-Identifier: Apache-2.0
"""Cancellation, wrong requests, and the end of a worker and of what it has started."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

from tests.worker.harness import gone


def children(worker) -> list[int]:
    """The processes that a worker has started and not waited for."""
    process = worker.process.pid
    return [int(n) for n in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def running(worker) -> int:
    """Waits until a request runs; the process it runs in."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if found := children(worker):
            return found[0]
        time.sleep(0.02)
    raise AssertionError("nothing runs")


def test_cancelled_request_is_ended_and_answered(worker):
    worker.send("sleep=600", requestId=3)
    process = running(worker)
    worker.write(b'{"requestId": 3, "cancel": true}\n')
    response = worker.receive()
    assert (response["requestId"], response["wasCancelled"]) == (3, True)
    assert gone(process)
    assert "wasCancelled" not in worker.run("print=next", requestId=4)


def test_cancellation_that_comes_late_is_not_answered(worker):
    worker.run("print=a", requestId=3)
    worker.write(b'{"requestId": 3, "cancel": true}\n')
    assert worker.run("print=b", requestId=4) == {"requestId": 4, "exitCode": 0, "output": "b\n"}


def test_request_during_another_is_refused(worker):
    worker.send("sleep=1", "print=slow", requestId=1)
    worker.send("print=fast", requestId=2)
    refused = worker.receive()
    assert (refused["requestId"], refused["exitCode"]) == (2, 1)
    assert "request 1 is not answered yet: this worker is not multiplexed" in refused["output"]
    assert worker.receive()["output"] == "slow\n"


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"arguments": "--"}, "`arguments` is not a list of strings"),
        ({"arguments": ["--", 1]}, "`arguments` is not a list of strings"),
        ({"arguments": ["print=a"]}, "have to follow `--`"),
        ({"arguments": ["--import-rot=x", "--"]}, "unrecognized arguments: --import-rot=x"),
        ({"cancel": "yes"}, "`cancel` is neither true nor false"),
        ({"verbosity": "loud"}, "`verbosity` is not an integer"),
        ({"sandboxDir": "sandbox/1"}, "not multiplexed"),
    ],
)
def test_wrong_request_is_an_error_response(worker, fields, text):
    worker.write(json.dumps({"requestId": 9} | fields).encode() + b"\n")
    response = worker.receive()
    assert response["requestId"] == 9
    assert response["exitCode"] != 0
    assert text in response["output"]
    assert worker.run("print=next")["output"] == "next\n"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"hello\n", "a request is not JSON"),
        (b"[1]\n", "a request is not a JSON object"),
        (b"\xff\xfe\n", "a request is not JSON"),
        (b'{"requestId": "one"}\n', "requestId is not an integer"),
    ],
)
def test_what_cannot_be_answered_ends_the_worker(worker, data, text):
    worker.write(data)
    assert worker.process.wait(30) == 2
    assert text in worker.log.read_text()
    assert worker.process.stdout.read() == b""


def test_stdin_that_ends_within_a_request(worker):
    worker.write(b'{"arguments": [')
    assert worker.end() == 2
    assert "stdin ended within a request" in worker.log.read_text()


def test_request_in_pieces(worker):
    for piece in (b'\n{"argum', b'ents": ["--", "pri', b'nt=a"]}', b"\n\n"):
        worker.write(piece)
        time.sleep(0.05)
    assert worker.receive()["output"] == "a\n"


def test_end_of_stdin_ends_the_worker(worker):
    worker.run("print=a")
    assert worker.end() == 0


def test_end_of_stdin_ends_the_request(worker):
    worker.send("sleep=600")
    process = running(worker)
    assert worker.end() == 0
    assert gone(process)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_death_of_the_worker_ends_the_request(worker, number):
    worker.send("sleep=600")
    process = running(worker)
    os.kill(worker.process.pid, number)
    worker.process.wait(30)
    assert gone(process)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--module", "tests.worker.sample", "--preload", "tests.worker.none"],
        ["--module", "tests.worker.none", "--preload", "tests.worker.state"],
    ],
)
def test_worker_that_cannot_import(start, arguments):
    worker = start(arguments)
    assert worker.process.wait(30) == 2
    text = worker.log.read_text()
    assert "importing tests.worker.none: ModuleNotFoundError: No module named" in text
