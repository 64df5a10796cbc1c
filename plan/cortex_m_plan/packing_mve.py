# SPDX-License-Identifier: Apache-2.0
"""The order of weights the MVE kernels read with one pointer."""

ROWS = 4
VECTOR = 16


def blocks(weight: bytes, outputs: int, taps: int) -> bytes:
    """Four output channels side by side: [outputs / 4][taps / 16][4][16], rounded up.

    Channels and taps that do not exist have weights of zero.

    Args:
        weight: int8, [outputs][taps].
    """
    vectors = -(-taps // VECTOR)
    padding = bytes(vectors * VECTOR - taps)
    missing = bytes(vectors * VECTOR)
    packed = bytearray()
    for first in range(0, outputs, ROWS):
        rows = [
            weight[row * taps : (row + 1) * taps] + padding if row < outputs else missing
            for row in range(first, first + ROWS)
        ]
        for start in range(0, vectors * VECTOR, VECTOR):
            for row in rows:
                packed += row[start : start + VECTOR]
    return bytes(packed)
