# SPDX-License-Identifier: Apache-2.0
"""Orders of weights that a kernel reads faster than the program's own."""

from cortex_m_plan.packing_mve import blocks

_SIGN_FLIPPED = bytes(value ^ 0x80 for value in range(256))


def pack(isa: str, kernel: str, weight: bytes, outputs: int, taps: int) -> bytes:
    """The weights as a kernel wants them; as they are if it has no wish of its own.

    Args:
        kernel: name of the C function.
        weight: int8, [outputs][taps].
    """
    order = _ORDERS.get((isa, kernel), _ORDERS.get(isa)) if kernel in _PACKED else None
    return weight if order is None else order(weight, outputs, taps)


def pairs(weight: bytes, outputs: int, taps: int) -> bytes:
    """Two output channels side by side, for SMLAD.

    Of each pair of channels and four taps k, eight bytes: even[k] ^ 0x80, odd[k] for
    k = 0, 2, 1, 3. As a halfword that is 256 * odd + (even + 128). Taps are padded to a multiple of
    four and channels to an even number, with weights of zero.
    """
    groups = (taps + 3) // 4
    row = 4 * groups
    padding = bytes(row - taps)
    packed = bytearray(8 * groups * ((outputs + 1) // 2))
    for output in range(0, outputs, 2):
        channels = (
            weight[at * taps : (at + 1) * taps] + padding if at < outputs else bytes(row)
            for at in (output, output + 1)
        )
        even, odd = channels
        even = even.translate(_SIGN_FLIPPED)
        block = memoryview(packed)[output * row : (output + 2) * row]
        for place, tap in enumerate((0, 2, 1, 3)):
            block[2 * place :: 8] = even[tap::4]
            block[2 * place + 1 :: 8] = odd[tap::4]
    return bytes(packed)


def quads_of_pairs(weight: bytes, outputs: int, taps: int) -> bytes:
    """Blocks of eight output channels; the channels that do not fill one follow as pairs.

    Of a block and each four taps, the eight bytes of each of its four pairs.
    """
    row = 4 * ((taps + 3) // 4)
    packed = bytearray(pairs(weight, outputs, taps))
    for output in range(0, outputs // 8 * 8, 8):
        block = memoryview(packed)[output * row : (output + 8) * row]
        lying = bytes(block)
        for start in range(0, 2 * row, 8):
            for pair in range(4):
                to = 4 * start + 8 * pair
                block[to : to + 8] = lying[2 * row * pair + start :][:8]
    return bytes(packed)


_PACKED = frozenset(
    {
        "cortex_m_quantized_conv2d_1x1",
        "cortex_m_quantized_conv2d_folded",
        "cortex_m_quantized_linear_folded",
    }
)
_ORDERS = {
    "dsp": pairs,
    ("dsp", "cortex_m_quantized_linear_folded"): quads_of_pairs,
    "mve": blocks,
}
