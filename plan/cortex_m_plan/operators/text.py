# SPDX-License-Identifier: Apache-2.0
"""Shapes for a reader: `1x25x5x64`."""

from collections.abc import Iterable


def times(sizes: Iterable[int]) -> str:
    """Sizes joined by x; a scalar is `1`."""
    return "x".join(map(str, sizes)) or "1"
