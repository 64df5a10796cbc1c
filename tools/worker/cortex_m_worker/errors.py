# SPDX-License-Identifier: Apache-2.0
"""What goes wrong, each with a message for whoever waits for the build."""


class WorkerError(Exception):
    """The worker cannot go on."""


class RequestError(Exception):
    """A request cannot be run.

    Attributes:
        request_id: of the request, whose response is this message.
    """

    def __init__(self, message: str, request_id: int) -> None:
        super().__init__(message)
        self.request_id = request_id
