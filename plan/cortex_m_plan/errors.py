# SPDX-License-Identifier: Apache-2.0
"""The one exception that reaches a user."""


class PlanError(Exception):
    """A program that cannot become a plan.

    Args:
        what: one line that names the file and what is wrong with it.
        details: further lines, each a fact.
        fix: the way out.
    """

    def __init__(self, what: str, *details: str, fix: str):
        super().__init__(what)
        self.what = what
        self.details = details
        self.fix = fix

    def __str__(self) -> str:
        return "\n  ".join((self.what, *self.details, f"way out: {self.fix}"))
