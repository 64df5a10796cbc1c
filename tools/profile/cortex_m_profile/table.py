# SPDX-License-Identifier: Apache-2.0
"""Aligned text tables."""

from collections.abc import Sequence


def aligned(rows: Sequence[Sequence[str]], words: int) -> list[str]:
    """Lines of a table. The first `words` columns are set to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if place < words else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
