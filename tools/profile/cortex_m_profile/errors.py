# SPDX-License-Identifier: Apache-2.0
"""What a person did, or has, that makes a profile impossible."""


class ProfileError(Exception):
    """Shown without a stack trace."""
