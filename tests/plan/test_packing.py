# SPDX-License-Identifier: Apache-2.0
"""Orders of weights."""

import random

import pytest
from cortex_m_plan.packing import pack, pairs, quads_of_pairs
from cortex_m_plan.packing_mve import blocks

SHAPES = [(1, 1), (2, 4), (3, 5), (8, 27), (5, 64), (16, 9), (7, 3)]


def draw(outputs, taps):
    return random.Random(outputs * 1000 + taps).randbytes(outputs * taps)


@pytest.mark.parametrize(("outputs", "taps"), SHAPES)
def test_pairs(outputs, taps):
    """Each weight is where the kernel's halfwords expect it; the rest is zeros."""
    weight = draw(outputs, taps)
    packed = pairs(weight, outputs, taps)
    groups = (taps + 3) // 4
    assert len(packed) == 8 * groups * ((outputs + 1) // 2)
    expected = []
    for even in range(0, outputs, 2):
        for group in range(groups):
            for tap in (0, 2, 1, 3):
                at = 4 * group + tap
                for output, flip in ((even, 0x80), (even + 1, 0)):
                    there = output < outputs and at < taps
                    expected.append((weight[output * taps + at] if there else 0) ^ flip)
    assert packed == bytes(expected)


def test_pairs_cost_no_flash_where_nothing_is_padded():
    assert len(pairs(draw(8, 64), 8, 64)) == 8 * 64


@pytest.mark.parametrize(("outputs", "taps"), [(3, 10), (8, 5), (21, 9), (16, 64)])
def test_quads_of_pairs(outputs, taps):
    """The eight bytes of a block's four pairs follow each other; what fills no block is pairs."""
    weight = draw(outputs, taps)
    plain = pairs(weight, outputs, taps)
    packed = quads_of_pairs(weight, outputs, taps)
    groups = (taps + 3) // 4
    assert len(packed) == len(plain)
    full = outputs // 8
    for place in range(full * groups * 4):
        block, rest = divmod(place, groups * 4)
        group, pair = divmod(rest, 4)
        lies = 8 * ((block * 4 + pair) * groups + group)
        assert packed[8 * place : 8 * place + 8] == plain[lies : lies + 8]
    assert packed[full * groups * 32 :] == plain[full * groups * 32 :]


@pytest.mark.parametrize(("outputs", "taps"), SHAPES)
def test_blocks(outputs, taps):
    weight = draw(outputs, taps)
    packed = blocks(weight, outputs, taps)
    vectors = (taps + 15) // 16
    assert len(packed) == 64 * vectors * ((outputs + 3) // 4)
    for at, value in enumerate(packed):
        block, lane = divmod(at, 64)
        output = block // vectors * 4 + lane // 16
        tap = block % vectors * 16 + lane % 16
        there = output < outputs and tap < taps
        assert value == (weight[output * taps + tap] if there else 0)


@pytest.mark.parametrize(
    ("isa", "kernel"),
    [
        ("scalar", "cortex_m_quantized_conv2d_folded"),
        ("dsp", "cortex_m_quantized_depthwise_conv2d_3x3"),
        ("mve", "cortex_m_quantized_depthwise_conv2d_folded"),
    ],
)
def test_as_they_lie(isa, kernel):
    weight = draw(4, 9)
    assert pack(isa, kernel, weight, 4, 9) == weight


@pytest.mark.parametrize(
    ("kernel", "order"),
    [("conv2d_folded", pairs), ("conv2d_1x1", pairs), ("linear_folded", quads_of_pairs)],
)
def test_dsp_takes_pairs(kernel, order):
    weight = draw(11, 10)
    assert pack("dsp", f"cortex_m_quantized_{kernel}", weight, 11, 10) == order(weight, 11, 10)
