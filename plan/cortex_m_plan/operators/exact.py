# SPDX-License-Identifier: Apache-2.0
"""Sums that the reference computes in float32 and the kernels in integers."""

_EXACT = 1 << 24


def beyond_float32(largest: int) -> str:
    """A remark for a step whose sums can reach `largest`; empty while float32 adds them exactly.

    Beyond, the reference's result depends on the order in which PyTorch's matrix library adds;
    the kernel's is the exact one.
    """
    if largest <= _EXACT:
        return ""
    return f" (sums can reach {largest}: float32 adds exactly up to {_EXACT})"
