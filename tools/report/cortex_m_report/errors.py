# SPDX-License-Identifier: Apache-2.0
"""Input a report cannot be made of."""


class ReportError(Exception):
    """Shown without a stack trace."""
