# SPDX-License-Identifier: Apache-2.0
"""The one exception a user of the lowering tool is meant to see."""


class LoweringError(Exception):
    """A problem in the user's input: says what, where, why and the way out.

    The text is complete by itself; the command line prints it without a traceback.
    """


def root_cause(error: BaseException) -> BaseException:
    """The exception that others were raised from."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def first_line(error: BaseException) -> str:
    """The first non-empty line of an exception's text, or its type when it has none."""
    for line in str(error).splitlines():
        if line.strip():
            return line.strip()
    return type(error).__name__
