# SPDX-License-Identifier: Apache-2.0
"""State of a module that a worker preloads; and a library that prints when it is imported."""

_requests: list[None] = []


def count() -> int:
    """How often this was called in this process or, before it was forked, in its parent."""
    _requests.append(None)
    return len(_requests)


print("state: a library speaks while it is imported")
