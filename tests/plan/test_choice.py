# SPDX-License-Identifier: Apache-2.0
"""Which kernel is chosen, and why the others are not."""

import re
import struct
from dataclasses import replace
from pathlib import Path

import pytest
from cortex_m_plan.broadcast import MAX_RANK, Broadcast
from cortex_m_plan.choice import CANDIDATES, Asked, choose
from cortex_m_plan.choice.asked import ADD, AVERAGE, CONVOLUTION, DEPTHWISE, LINEAR, MUL
from cortex_m_plan.layout import Dims
from cortex_m_plan.report import ISAS

HEADERS = Path(__file__).absolute().parents[2] / "kernels" / "include" / "cortex_m"
FAR = "cortex_m_quantized_"


def int32(*values):
    return memoryview(struct.pack(f"<{len(values)}i", *values)).cast("i")


def window(**changes):
    return {
        "stride_h": 1,
        "stride_w": 1,
        "pad_h": 0,
        "pad_w": 0,
        "dilation_h": 1,
        "dilation_w": 1,
        "input_offset": 5,
    } | changes


def slid(kernel, given):
    """How often a window fits into 8 x 8 elements, in both directions."""
    return (
        (8 + 2 * given[f"pad_{d}"] - given[f"dilation_{d}"] * (size - 1) - 1)
        // given[f"stride_{d}"]
        + 1
        for d, size in (("h", kernel.h), ("w", kernel.w))
    )


def weighted(kernel, parameters, channels, isa, *, bias=None, scratch=4464, requantize=None, **w):
    """With weights of 1, or all of `weight`, and a requantization that all kernels take."""
    count = parameters["out_features"] if kernel == LINEAR else parameters["output"].c
    taps = w.pop("taps")
    weight = w.pop("weight", bytes([1]) * (channels * taps))
    multiplier, shift = requantize or (1 << 30, -5)
    assert not w
    constants = {"weight": memoryview(weight).cast("b")}
    if bias is not None:
        constants["bias"] = int32(*bias)
    if kernel != LINEAR:
        constants["multipliers"] = int32(*[multiplier] * count)
        constants["shifts"] = int32(*[shift] * count)
    return Asked(isa, kernel, parameters, constants, scratch)


def convolution(isa="scalar", *, filter_=(4, 1, 1, 8), groups=1, changes=None, **more):
    kernel = Dims(*filter_)
    given = window(**(changes or {}))
    shapes = {
        "input": Dims(1, 8, 8, groups * kernel.c),
        "filter": kernel,
        "output": Dims(1, *slid(kernel, given), kernel.n),
    }
    parameters = shapes | given
    taps = kernel.h * kernel.w * kernel.c
    return weighted(CONVOLUTION, parameters, kernel.n, isa, taps=taps, **more)


def depthwise(isa="scalar", *, filter_=(3, 3), channels=16, multiplier=1, changes=None, **more):
    outputs = channels * multiplier
    kernel = Dims(1, *filter_, outputs)
    given = window(**(changes or {}))
    parameters = {
        "input": Dims(1, 8, 8, channels),
        "filter": kernel,
        "output": Dims(1, *slid(kernel, given), outputs),
        **given,
        "depth_multiplier": multiplier,
    }
    taps = filter_[0] * filter_[1]
    return weighted(DEPTHWISE, parameters, outputs, isa, taps=taps, **more)


def linear(isa="scalar", *, inputs=8, requantize=(1 << 30, -5), filter_offset=0, **more):
    parameters = {
        "rows": 1,
        "in_features": inputs,
        "out_features": 3,
        "input_offset": 5,
        "filter_offset": filter_offset,
        "multiplier": requantize[0],
        "shift": requantize[1],
    }
    return weighted(LINEAR, parameters, 3, isa, taps=inputs, **more)


def shape(size, one=1, other=1):
    rest = (0,) * (MAX_RANK - 1)
    return Broadcast(1, (size, *rest), (one, *rest), (other, *rest))


def add(**changes):
    numbers = {}
    for name in ("self", "other", "output"):
        numbers |= {f"{name}_zero_point": 3, f"{name}_multiplier": 1 << 30, f"{name}_shift": -3}
    return Asked("dsp", ADD, {"shape": shape(24)} | numbers | changes)


def mul(**changes):
    zero = {f"{name}_zero_point": 3 for name in ("self", "other", "output")}
    scale = {"output_multiplier": 1 << 30, "output_shift": -3}
    return Asked("dsp", MUL, {"shape": shape(24)} | zero | scale | changes)


def average(**changes):
    numbers = {"kernel_h": 10, "kernel_w": 17, "scale": 0.5, "zero_point": 3}
    numbers |= {"input": Dims(1, 20, 34, 5), "output": Dims(1, 2, 2, 5)}
    numbers |= {"stride_h": 10, "stride_w": 17, "pad_h": 0, "pad_w": 0}
    return Asked("mve", AVERAGE, numbers | changes)


def name(choice):
    return choice.candidate.kernel.removeprefix(FAR) if choice.candidate else "general"


@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda isa: convolution(isa), "conv2d_1x1"),
        (lambda isa: convolution(isa, changes={"stride_h": 2}), "conv2d_1x1"),
        (lambda isa: convolution(isa, filter_=(4, 3, 3, 8)), "conv2d_folded"),
        (lambda isa: convolution(isa, changes={"pad_w": 1}), "conv2d_folded"),
        (lambda isa: depthwise(isa), "depthwise_conv2d_3x3"),
        (lambda isa: depthwise(isa, filter_=(5, 3)), "depthwise_conv2d_folded"),
        (lambda isa: depthwise(isa, changes={"dilation_w": 2}), "depthwise_conv2d_folded"),
        (lambda isa: depthwise(isa, channels=1, multiplier=6), "conv2d_folded"),
        (lambda isa: linear(isa), "linear_folded"),
    ],
)
def test_the_first_that_can(isa, make, expected):
    assert name(choose(make(isa))) == expected


@pytest.mark.parametrize(
    ("asked", "rejected", "why"),
    [
        (convolution(groups=2), "conv2d_folded", "2 groups of channels"),
        (convolution(filter_=(4, 3, 1, 8)), "conv2d_1x1", "a window of 3x1, not 1x1"),
        (convolution(changes={"pad_h": 1}), "conv2d_1x1", "padding of 1x0"),
        (
            convolution(requantize=(-1, -5)),
            "conv2d_folded",
            "output channel 0: a multiplier of -1",
        ),
        (
            convolution(requantize=(5, 0)),
            "conv2d_folded",
            "output channel 0: a shift of 0, not -23 .. -1",
        ),
        (
            convolution(bias=(0, 0, -(1 << 30) + 255 * 8, 0)),
            "conv2d_folded",
            "output channel 2: sums reach 1073741824, 2^30 or more",
        ),
        (
            convolution(weight=bytes([1] * 8 + [1, 128, 128, 1] + [1] * 20)),
            "conv2d_folded",
            "output channel 1: taps 1 and 2 are both -128",
        ),
        (
            convolution("dsp", filter_=(1, 8, 8, 8), weight=bytes([128] * 512)),
            "conv2d_folded",
            "output channel 0: its weights' magnitudes add up to 65536, 2^16 or more",
        ),
        (depthwise(multiplier=2), "conv2d_folded", "16 input channels, not 1"),
        (depthwise(multiplier=2), "depthwise_conv2d_3x3", "a depth multiplier of 2, not 1"),
        (depthwise(filter_=(3, 4)), "depthwise_conv2d_3x3", "a window of 3x4, not 3x3"),
        (
            depthwise(changes={"dilation_h": 2}),
            "depthwise_conv2d_3x3",
            "dilation of 2x1",
        ),
        (depthwise("dsp", channels=3), "depthwise_conv2d_3x3", "3 channels, fewer than 4"),
        (linear(filter_offset=1), "linear_folded", "a filter offset of 1"),
        (linear(requantize=(1, -24)), "linear_folded", "a shift of -24, not -23 .. -1"),
        (
            linear(bias=(0, 1 << 30, 0)),
            "linear_folded",
            "output channel 1: sums reach 1073742888, 2^30 or more",
        ),
        (add(shape=shape(24, 1, 0)), "add_dense", "an operand is broadcast or lies in another"),
        (add(other_zero_point=128), "add_dense", "other_zero_point is 128, not of int8"),
        (add(self_shift=1), "add_dense", "self: a shift of 1, not -23 .. 0"),
        (
            add(other_shift=0, other_multiplier=2049),
            "add_dense",
            "other: a multiplier of 2049 without a shift",
        ),
        (add(output_shift=0), "add_dense", "output: a shift of 0, not -23 .. -1"),
        (mul(shape=shape(24, 0, 1)), "mul_dense", "an operand is broadcast"),
        (mul(self_zero_point=-129), "mul_dense", "self_zero_point is -129, not of int8"),
        (mul(output_multiplier=-5), "mul_dense", "output: a multiplier of -5"),
        (average(kernel_w=18), "avg_pool2d_integer", "a window of 180 elements, more than 179"),
        (average(scale=2.0**-60), "avg_pool2d_integer", "a scale of 8.6"),
    ],
)
def test_rejected(asked, rejected, why):
    given = dict(choose(asked).rejected)[FAR + rejected]
    assert given.startswith(why)


@pytest.mark.parametrize(
    "asked",
    [
        add(),
        add(self_shift=0, self_multiplier=1 << 30),
        mul(),
        mul(output_shift=-23),
        average(),
        convolution(bias=(0, 0, -(1 << 30) + 255 * 8 + 1, 0)),
        convolution("mve", weight=bytes([128] * 32)),
        convolution("dsp", filter_=(1, 8, 8, 8), weight=bytes([128] * 511 + [129])),
    ],
)
def test_just_within_what_a_kernel_takes(asked):
    assert choose(asked).candidate is not None


def test_no_candidate_is_never_reached():
    """Every candidate is the choice for something."""
    found = {
        name(choose(asked))
        for isa in ISAS
        for asked in (
            convolution(isa), convolution(isa, filter_=(4, 3, 3, 8)), depthwise(isa), linear(isa),
            depthwise(isa, filter_=(5, 3)), add(), mul(), average(),
        )
    }  # fmt: skip
    listed = {c.kernel.removeprefix(FAR) for kernels in CANDIDATES.values() for c in kernels}
    assert found == listed


def test_kernel_sums():
    asked = convolution(bias=(10, 20, 30, 40), weight=bytes(range(16)) + bytes([255] * 16))
    candidate = choose(asked).candidate
    table = candidate.tables["kernel_sum"](asked, candidate.kernel)
    expected = (10 + 5 * 28, 20 + 5 * 92, 30 - 5 * 8, 40 - 5 * 8)
    assert struct.unpack("<4i", table.data) == expected


def test_kernel_sums_of_the_program():
    """A linear layer lowered for MVE has them; its bias is not read."""
    asked = linear("mve")
    asked.constants["kernel_sum"] = int32(7, 8, 9)
    candidate = choose(asked).candidate
    table = candidate.tables["kernel_sum"](asked, candidate.kernel)
    assert table.data == asked.constants["kernel_sum"].tobytes()


def test_one_input_channel_is_a_convolution():
    asked = depthwise(channels=1, multiplier=3, filter_=(2, 2), weight=bytes(range(12)))
    candidate = choose(asked).candidate
    parameters = candidate.parameters(asked)
    assert parameters["filter"] == Dims(3, 2, 2, 1)
    assert "depth_multiplier" not in parameters
    weight = candidate.tables["weight"](asked, candidate.kernel).data
    assert weight == bytes([0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11])


def test_scratch_that_the_program_has_not_planned():
    """A kernel that works on scratch in all its ways needs what it takes at least."""
    asked = convolution(filter_=(4, 3, 3, 8), changes={"pad_h": 1})
    candidate = choose(asked).candidate
    least = min(way.scratch for way in candidate.ways(asked))
    assert least > 0
    assert choose(replace(asked, scratch=least)).candidate is candidate
    why = dict(choose(replace(asked, scratch=least - 1)).rejected)[candidate.kernel]
    assert why == f"it works on {least} B of scratch, {least - 1} B are planned"


def python(text):
    """A constant expression of C as one of Python."""
    parts, depth = [""], 0
    for letter in text:
        depth -= letter == ")"
        if letter in "()" and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
        depth += letter == "("
    inner = [python(part) if at % 2 else part for at, part in enumerate(parts)]
    flat = "".join(f"\0{at // 2}\0" if at % 2 else part for at, part in enumerate(parts))
    chosen = re.fullmatch(r"([^?]*)\?(.*?):(.*)", flat, re.DOTALL)
    if chosen:
        condition, first, second = (
            python(re.sub("\0(\\d+)\0", lambda m: f"({parts[2 * int(m[1]) + 1]})", part))
            for part in chosen.groups()
        )
        return f"(({first}) if ({condition}) else ({second}))"
    flat = flat.replace("/", "//").replace("&&", " and ").replace("||", " or ")
    return re.sub("\0(\\d+)\0", lambda m: f"({inner[2 * int(m[1]) + 1]})", flat).strip()


def macro(isa, text):
    """The value of a scratch macro's call, as the preprocessor would find it."""
    header = (HEADERS / "scratch" / f"{isa}.h").read_text().replace("\\\n", "")
    called, arguments = re.fullmatch(r"(\w+)\((.*)\)", text).groups()
    names, body = re.search(rf"#define {called}\((.*?)\)\s+\((.*)\)", header).groups()
    values = dict(zip(re.split(r",\s*", names), map(int, arguments.split(", ")), strict=True))
    return eval(python(body), {"__builtins__": {}}, values)


@pytest.mark.parametrize("isa", ISAS)
def test_scratch_is_what_the_header_says(isa):
    cases = [convolution(isa, filter_=(4, 3, 3, c)) for c in (1, 3, 7, 8, 33)]
    cases += [convolution(isa, filter_=(4, 1, 1, c)) for c in (1, 3, 16, 33)]
    cases += [depthwise(isa), depthwise(isa, filter_=(5, 7)), depthwise(isa, filter_=(1, 1))]
    cases += [depthwise(isa, channels=1, multiplier=3, filter_=(8, 8))]
    cases += [depthwise(isa, channels=70, changes={"stride_h": 2, "stride_w": 2})]
    compared = 0
    for asked in cases:
        for candidate in CANDIDATES[asked.kernel]:
            if candidate.scratch is None or candidate.objection(asked):
                continue
            for way in candidate.ways(asked):
                call = candidate.scratch(asked).format(tile=way.tile)
                assert macro(isa, call) == way.scratch, call
                compared += 1
    assert compared > len(cases)


@pytest.mark.parametrize("isa", ISAS)
def test_ways_have_numbers_of_their_own(isa):
    for asked in (convolution(isa), convolution(isa, filter_=(4, 3, 3, 8)), depthwise(isa)):
        candidate = choose(asked).candidate
        tiles = [way.tile for way in candidate.ways(asked)]
        assert len(set(tiles)) == len(tiles)
        assert min(tiles) > 0
