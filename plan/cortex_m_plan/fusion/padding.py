# SPDX-License-Identifier: Apache-2.0
"""A pad fused into the padding of the convolutions or maxima that read it.

A convolution adds up (input + input_offset) * weight over the part of a window that is inside its
input. A padded element of the value -input_offset, the input's zero point, adds nothing, so the
sum, an integer, is the same whether the element is there or the window goes beyond the input. The
kernels take padding above and to the left as numbers; that below and to the right follows from
the size of the output.

A maximum pooling takes the maximum of the part that is inside, then clamps it to its activation
range. Every window has an element of the input in it (no padding is wider than half of it), and a
padded element of a value v changes the maximum m to max(m, v) alone; with v <= activation_min both
are clamped to the same. The lowest int8, which is what a zero is behind a ReLU, is such a value
always.
"""

from collections.abc import Mapping
from dataclasses import replace

from cortex_m_plan.fusion.uses import Uses
from cortex_m_plan.layout import NCHW_AS_NHWC, NHWC, Dims
from cortex_m_plan.operators import Call
from cortex_m_plan.operators.images import both_sides
from cortex_m_plan.operators.pad import paddings
from cortex_m_plan.operators.text import times

PAD = "cortex_m_pad"

_IMAGES = {"": NCHW_AS_NHWC, "_nhwc": NHWC}
_CONVOLUTIONS = {
    f"cortex_m::{name}{suffix}.out": order
    for name in ("quantized_conv2d", "quantized_depthwise_conv2d")
    for suffix, order in _IMAGES.items()
}
_MAXIMA = {
    f"cortex_m::quantized_max_pool2d{suffix}.out": order for suffix, order in _IMAGES.items()
}


def fused(uses: Uses, pad: int) -> Mapping[int, Call]:
    """What becomes of the calls if a pad is fused into its readers; nothing if it cannot be."""
    step = uses.step(pad)
    readers = uses.readers(pad) if step is not None and step.kernel == PAD else None
    changed = {}
    for reader in readers or ():
        taken = _taken(uses.calls[pad], uses.calls[reader])
        if taken is None:
            return {}
        changed[reader] = taken
    if not changed:
        return {}
    into = ", ".join(str(uses.calls[reader].instruction.index) for reader in changed)
    changed[pad] = replace(uses.calls[pad], unread=f"fused into the padding of instruction {into}")
    return changed


def _taken(pad: Call, reader: Call) -> Call | None:
    """The reader with the pad's elements as padding of its own."""
    operator, args = reader.instruction.operator, reader.args
    if operator in _CONVOLUTIONS:
        order = _CONVOLUTIONS[operator]
        fits = pad.args.value == -args.input_offset
    elif operator in _MAXIMA:
        order = _MAXIMA[operator]
        fits = pad.args.value <= args.activation_min
    else:
        return None
    pre, post = paddings(pad)
    before, after = (Dims(*(side[dim] for dim in order)) for side in (pre, post))
    if not fits or len(pad.args.input.sizes) != len(order):
        return None
    if any((before.n, before.c, after.n, after.c)):
        return None
    above, below = both_sides(args.padding)
    padding = (
        above[0] + before.h,
        above[1] + before.w,
        below[0] + after.h,
        below[1] + after.w,
    )
    text = (
        f"instruction {pad.instruction.index}, pad: {times((before.h, before.w))} above and left, "
        f"{times((after.h, after.w))} below and right, with {pad.args.value}"
    )
    return replace(
        reader,
        args=args.having(input=pad.args.input, padding=padding),
        fused=(*reader.fused, text),
    )
