# SPDX-License-Identifier: Apache-2.0
"""Bazel's JSON worker protocol: one WorkRequest, one WorkResponse a line."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cortex_m_worker.errors import RequestError, WorkerError

_CHUNK = 1 << 16
_SHOWN = 200


@dataclass(frozen=True)
class Request:
    """A WorkRequest; its `inputs` are not read: a request shares no state with another one.

    Attributes:
        request_id: 0 from a Bazel that sends one request at a time.
        arguments: the lines of the action's parameter file.
        cancel: the request of this id is not needed any more.
        verbosity: above 0 with Bazel's --worker_verbose.
    """

    request_id: int
    arguments: tuple[str, ...] = ()
    cancel: bool = False
    verbosity: int = 0


def parse(line: bytes) -> Request:
    """Reads a request; RequestError if it is wrong, WorkerError if it cannot be answered."""
    try:
        fields = json.loads(line)
    except ValueError as error:
        raise WorkerError(f"a request is not JSON ({error}): {_shown(line)}") from error
    if not isinstance(fields, dict):
        raise WorkerError(f"a request is not a JSON object: {_shown(line)}")
    request_id = fields.get("requestId", 0)
    if not _is_integer(request_id):
        raise WorkerError(f"a request's requestId is not an integer: {_shown(line)}")
    arguments = fields.get("arguments", [])
    if not isinstance(arguments, list) or not all(isinstance(item, str) for item in arguments):
        raise RequestError("a request's `arguments` is not a list of strings", request_id)
    cancel = fields.get("cancel", False)
    if not isinstance(cancel, bool):
        raise RequestError("a request's `cancel` is neither true nor false", request_id)
    verbosity = fields.get("verbosity", 0)
    if not _is_integer(verbosity):
        raise RequestError("a request's `verbosity` is not an integer", request_id)
    if fields.get("sandboxDir"):
        raise RequestError(
            "a request has a `sandboxDir`: this worker is not multiplexed", request_id
        )
    return Request(request_id, tuple(arguments), cancel, verbosity)


def response(
    request_id: int, exit_code: int = 0, output: str = "", cancelled: bool = False
) -> bytes:
    """A WorkResponse, as a line."""
    fields: dict[str, Any] = {"requestId": request_id, "exitCode": exit_code, "output": output}
    if cancelled:
        fields["wasCancelled"] = True
    return json.dumps(fields).encode() + b"\n"


class Lines:
    """The lines of a stream, read when there is something to read."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._rest = b""
        self.ended = False

    def fileno(self) -> int:
        """The descriptor, to wait for."""
        return self._descriptor

    def read(self) -> Iterator[bytes]:
        """Reads once, which blocks only if nothing is there; gives the lines that are complete."""
        chunk = os.read(self._descriptor, _CHUNK)
        self.ended = not chunk
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if self.ended and self._rest.strip():
            raise WorkerError(f"stdin ended within a request: {_shown(self._rest)}")
        return (line for line in lines if line.strip())


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _shown(line: bytes) -> str:
    return repr(line[:_SHOWN]) + (" ..." if len(line) > _SHOWN else "")
