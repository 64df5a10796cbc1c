# SPDX-License-Identifier: Apache-2.0
"""The loop of a persistent worker: a request comes, a fork runs it, a response goes."""

import os
import signal
import sys
import time
from multiprocessing.connection import wait

from cortex_m_worker import protocol
from cortex_m_worker.errors import RequestError
from cortex_m_worker.job import Job
from cortex_m_worker.module import run_module

_FAILED = 1
_SIGNALLED = 128


def serve(module: str, requests: int, responses: int) -> None:
    """Answers requests until they end; raises WorkerError when they make no sense any more.

    Args:
        module: what a request runs.
        requests: descriptor that Bazel writes requests to.
        responses: descriptor that Bazel reads responses from.
    """
    _Server(module, requests, responses).run()


class _Server:
    """Runs one request at a time."""

    def __init__(self, module: str, requests: int, responses: int) -> None:
        self._module = module
        self._lines = protocol.Lines(requests)
        self._responses = responses
        self._job: Job | None = None
        self._request = protocol.Request(0)
        self._cancelled = False
        self._started = 0.0

    def run(self) -> None:
        try:
            while not self._lines.ended:
                job = self._job
                ready = wait([self._lines, *(job.descriptors() if job else [])])
                if job:
                    job.read()
                    if job.ended():
                        self._answer(job)
                if self._lines in ready:
                    for line in self._lines.read():
                        self._take(line)
        finally:
            if self._job:
                self._job.kill()
                self._job.finish()

    def _take(self, line: bytes) -> None:
        try:
            request = protocol.parse(line)
            if request.cancel:
                self._cancel(request)
            else:
                self._start(request)
        except RequestError as error:
            self._send(error.request_id, _FAILED, f"cortex_m_worker: error: {error}\n")

    def _start(self, request: protocol.Request) -> None:
        if self._job:
            raise RequestError(
                f"request {self._request.request_id} is not answered yet: "
                "this worker is not multiplexed",
                request.request_id,
            )
        unshared = [self._lines.fileno(), self._responses]
        try:
            self._job = Job(run_module, (self._module, request.arguments), unshared)
        except OSError as error:
            raise RequestError(
                f"no process for {self._module}: {error.strerror}", request.request_id
            ) from error
        self._request = request
        self._cancelled = False
        self._started = time.monotonic()

    def _cancel(self, request: protocol.Request) -> None:
        """A request that is answered already needs nothing more."""
        if self._job and request.request_id == self._request.request_id:
            self._cancelled = True
            self._job.kill()

    def _answer(self, job: Job) -> None:
        self._job = None
        status, text = job.finish()
        if status < 0:
            text += _killed(self._module, -status)
            status = _SIGNALLED - status
        if self._request.verbosity > 0:
            seconds = time.monotonic() - self._started
            print(f"cortex_m_worker: exit status {status} after {seconds:.2f} s", file=sys.stderr)
        if self._cancelled:
            status, text = 0, ""
        self._send(self._request.request_id, status, text, self._cancelled)

    def _send(self, request_id: int, status: int, text: str, cancelled: bool = False) -> None:
        data = protocol.response(request_id, status, text, cancelled)
        while data:
            data = data[os.write(self._responses, data) :]


def _killed(module: str, number: int) -> str:
    text = f"cortex_m_worker: error: {module} was ended by signal {number}"
    if name := signal.strsignal(number):
        text += f" ({name})"
    if number == signal.SIGKILL:
        text += (
            "; if memory ran out, let fewer run at a time: "
            "--worker_max_instances=1, --local_resources=memory=MB, --jobs"
        )
    return text + "\n"
