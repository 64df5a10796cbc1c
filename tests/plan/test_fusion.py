# SPDX-License-Identifier: Apache-2.0
"""Calls that another call does as well, to the bit, and ones that it does not."""

import random
import struct

import pytest
from support import NHWC, Draft

Q31 = 1 << 30
"""A multiplier of one half."""


def image(draft: Draft, height: int, width: int, channels: int = 2) -> int:
    return draft.tensor([1, channels, height, width], "CHAR", NHWC)


def pad(draft: Draft, source: int, sides: tuple[int, int, int, int], value: int, size, channels=2):
    """Rows above and below, columns to the left and right, of an image of `size`."""
    above, below, left, right = sides
    out = image(draft, size[0] + above + below, size[1] + left + right, channels)
    # In memory order, as the lowering writes it for channels-last tensors.
    pre, post = [0, above, left, 0], [0, below, right, 0]
    return draft.call("cortex_m::pad", source, (pre,), (post,), (value,), out=out)


def convolve(
    draft: Draft, source: int, out: int, *, taps: int, stride: int = 1, padding: int = 0,
    zero_point: int = 3, weight: bytes | None = None, channels: int = 2, low: int = -128,
    high: int = 127,
) -> int:  # fmt: skip
    """A convolution of 2 channels by a square window into `channels`."""
    count = channels * taps * taps * 2
    kernel = draft.constant([channels, taps, taps, 2], data=weight or bytes(count))
    bias = draft.constant([channels], "INT")
    multipliers = draft.constant([channels], "INT", data=struct.pack("<i", Q31) * channels)
    shifts = draft.constant([channels], "INT", data=struct.pack("<i", -1) * channels)
    return draft.call(
        "cortex_m::quantized_conv2d",
        source, kernel, bias, ([stride] * 2,), ([padding] * 2,), ([1, 1],), (-zero_point,), (5,),
        multipliers, shifts, (low,), (high,), draft.tensor([256], "BYTE"), out=out,
    )  # fmt: skip


def pooled(draft: Draft, source: int, out: int, *, window: int, stride: int, low: int = -128):
    numbers = ([window] * 2, [stride] * 2, [0, 0], [1, 1], False, 3, 3, low, 127)
    return draft.call("cortex_m::quantized_max_pool2d", source, *((n,) for n in numbers), out=out)


def padded_convolution(value: int = 3, **more) -> Draft:
    """ZeroPad2d((0, 1, 0, 1)) before a stride of 2."""
    draft = Draft()
    source = image(draft, 6, 4)
    wide = pad(draft, source, (0, 1, 0, 1), value, (6, 4))
    target = convolve(draft, wide, image(draft, 3, 2), taps=3, stride=2, **more)
    draft.inputs, draft.outputs = [source], [target]
    return draft


def kernels(steps) -> list[str | None]:
    return [step["kernel"] for step in steps]


def test_a_pad_before_a_convolution(planned):
    steps = planned(padded_convolution())
    assert kernels(steps)[0] is None
    assert steps[0]["vanished"] == "fused into the padding of instruction 1"
    assert steps[1]["fused"] == [
        "instruction 0, pad: 0x0 above and left, 1x1 below and right, with 3"
    ]
    numbers = steps[1]["parameters"]
    assert numbers["input"] == [1, 6, 4, 2]
    assert (numbers["pad_h"], numbers["pad_w"]) == (0, 0)
    assert numbers["output"] == [1, 3, 2, 2]


def test_a_pad_of_another_value_is_made(planned):
    steps = planned(padded_convolution(value=2))
    assert kernels(steps)[0] == "cortex_m_pad"
    assert steps[1]["fused"] == []


def test_own_padding_is_added(planned):
    draft = Draft()
    source = image(draft, 5, 5)
    wide = pad(draft, source, (1, 0, 2, 1), 3, (5, 5))
    target = convolve(draft, wide, image(draft, 6, 8), taps=3, padding=1)
    draft.inputs, draft.outputs = [source], [target]
    steps = planned(draft)
    assert kernels(steps)[0] is None
    assert (steps[1]["parameters"]["pad_h"], steps[1]["parameters"]["pad_w"]) == (2, 3)


@pytest.mark.parametrize(
    ("sides", "why"),
    [
        ((0, 0, 0, 1), "padding below or to the right"),
        ((1, 0, 0, 0), "padding of 1x0"),
        ((0, 1, 0, 0), "padding below or to the right"),
    ],
)
def test_a_window_of_1x1_beyond_the_input(planned, sides, why):
    """The kernel for 1x1 windows takes no padding on any side."""
    above, below, left, right = sides
    draft = Draft()
    source = image(draft, 4, 4)
    wide = pad(draft, source, sides, 3, (4, 4))
    out = image(draft, 4 + above + below, 4 + left + right)
    target = convolve(draft, wide, out, taps=1)
    draft.inputs, draft.outputs = [source], [target]
    steps = planned(draft)
    assert kernels(steps)[0] is None
    assert steps[1]["kernel"] == "cortex_m_quantized_conv2d_folded"
    assert steps[1]["rejected"] == [{"kernel": "cortex_m_quantized_conv2d_1x1", "why": why}]


def test_a_pad_with_two_readers(planned):
    """Both are convolutions: fused into both."""
    draft = Draft()
    source = image(draft, 6, 4)
    wide = pad(draft, source, (0, 1, 0, 1), 3, (6, 4))
    draft.inputs = [source]
    draft.outputs = [convolve(draft, wide, image(draft, 3, 2), taps=3, stride=2) for _ in range(2)]
    steps = planned(draft)
    by_index = {step["index"]: step for step in steps}
    assert by_index[0]["vanished"] == "fused into the padding of instruction 1, 2"
    assert by_index[1]["fused"] and by_index[2]["fused"]


def test_a_pad_that_something_else_reads(planned):
    draft = padded_convolution()
    wide = draft.instructions[0]["instr_args"]["args"][-1]
    out = draft.call("aten::clamp", wide, (-9,), (9,), out=image(draft, 7, 5))
    draft.outputs.append(out)
    assert "cortex_m_pad" in kernels(planned(draft))


def test_a_pad_that_is_an_output(planned):
    draft = padded_convolution()
    draft.outputs.append(draft.instructions[0]["instr_args"]["args"][-1])
    assert "cortex_m_pad" in kernels(planned(draft))


def test_padded_channels(planned):
    draft = Draft()
    source = draft.tensor([1, 1, 4, 4], "CHAR", NHWC)
    wide = draft.tensor([1, 2, 4, 4], "CHAR", NHWC)
    draft.call("cortex_m::pad", source, ([0, 0, 0, 0],), ([0, 0, 0, 1],), (3,), out=wide)
    target = convolve(draft, wide, image(draft, 2, 2), taps=3)
    draft.inputs, draft.outputs = [source], [target]
    assert kernels(planned(draft))[0] == "cortex_m_pad"


@pytest.mark.parametrize(
    ("value", "low", "fuses"),
    [(-128, -128, True), (-127, -128, False), (5, 5, True), (6, 5, False)],
)
def test_a_pad_before_a_maximum(planned, value, low, fuses):
    """It has to be no more than what the pooling clamps to."""
    draft = Draft()
    source = image(draft, 7, 7)
    wide = pad(draft, source, (0, 1, 1, 0), value, (7, 7))
    target = pooled(draft, wide, image(draft, 3, 3), window=3, stride=2, low=low)
    draft.inputs, draft.outputs = [source], [target]
    steps = planned(draft)
    assert (kernels(steps)[0] is None) is fuses
    assert bool(steps[1]["fused"]) is fuses


def test_a_maximum_whose_windows_would_be_all_padding(planned):
    draft = Draft()
    source = image(draft, 4, 4)
    wide = pad(draft, source, (2, 0, 0, 0), -128, (4, 4))
    target = pooled(draft, wide, image(draft, 3, 2), window=2, stride=2)
    draft.inputs, draft.outputs = [source], [target]
    assert kernels(planned(draft))[0] == "cortex_m_pad"


def clamped(operator: str, *bounds, low: int = -100, high: int = 90, **more) -> Draft:
    """A convolution with bounds, then something that bounds its result."""
    draft = Draft()
    source = image(draft, 4, 4)
    inside = convolve(draft, source, image(draft, 4, 4), taps=1, low=low, high=high)
    target = draft.call(operator, inside, *bounds, out=image(draft, 4, 4))
    draft.inputs, draft.outputs = [source], [target]
    return draft


def bounds(step) -> tuple[int, int]:
    return step["parameters"]["activation_min"], step["parameters"]["activation_max"]


@pytest.mark.parametrize(
    ("low", "high", "left"),
    [
        (-9, 9, (-9, 9)),
        (None, 9, (-100, 9)),
        (-128, 127, (-100, 90)),
        (95, 100, (95, 95)),
        (-128, -110, (-110, -110)),
        (0, None, (0, 90)),
    ],
)
def test_a_clamp_of_a_convolution(planned, low, high, left):
    steps = planned(clamped("aten::clamp", (low,), (high,)))
    assert bounds(steps[0]) == left
    assert steps[1]["vanished"] == "fused into the bounds of instruction 0"
    named = (-128 if low is None else low, 127 if high is None else high)
    assert steps[0]["fused"] == ["instruction 1, clamp: to {} .. {}".format(*named)]


def test_bounds_of_bounds():
    """The rule of the docstring, of every value and a lot of bounds."""
    rng = random.Random(1)
    for _ in range(300):
        (a, b), (c, d) = (sorted(rng.randint(-128, 127) for _ in range(2)) for _ in range(2))
        low, high = (min(max(bound, c), d) for bound in (a, b))
        assert low <= high
        for x in range(-140, 140):
            assert min(max(min(max(x, a), b), c), d) == min(max(x, low), high)


def test_a_clamp_upside_down(planned):
    """PyTorch gives the maximum then, whatever the kernel before it does."""
    steps = planned(clamped("aten::clamp", (9,), (-9,)))
    assert kernels(steps)[1] == "cortex_m_clamp_s8"


def test_relu(planned):
    assert bounds(planned(clamped("aten::relu"))[0]) == (0, 90)


@pytest.mark.parametrize(
    ("operator", "left"), [("cortex_m::maximum", (7, 90)), ("cortex_m::minimum", (-100, 7))]
)
@pytest.mark.parametrize("turned", [False, True])
def test_an_extremum_with_a_constant(planned, operator, left, turned):
    draft = Draft()
    source = image(draft, 4, 4)
    inside = convolve(draft, source, image(draft, 4, 4), taps=1, low=-100, high=90)
    constant = draft.constant([1, 1, 1, 1], data=b"\x07")
    operands = (constant, inside) if turned else (inside, constant)
    target = draft.call(operator, *operands, out=image(draft, 4, 4))
    draft.inputs, draft.outputs = [source], [target]
    steps = planned(draft)
    assert bounds(steps[0]) == left
    assert kernels(steps)[1] is None


def test_an_extremum_with_several_constants(planned):
    draft = Draft()
    source = image(draft, 4, 4)
    inside = convolve(draft, source, image(draft, 4, 4), taps=1)
    constant = draft.constant([1, 2, 1, 1], "CHAR", NHWC, data=b"\x07\x08")
    target = draft.call("cortex_m::maximum", inside, constant, out=image(draft, 4, 4))
    draft.inputs, draft.outputs = [source], [target]
    assert kernels(planned(draft))[1] == "cortex_m_maximum"


def test_a_clamp_with_a_sibling(planned):
    """The operator's own result is read, too."""
    draft = clamped("aten::clamp", (-9,), (9,))
    inside = draft.instructions[0]["instr_args"]["args"][-1]
    draft.outputs.append(inside)
    assert "cortex_m_clamp_s8" in kernels(planned(draft))


def test_a_clamp_of_something_without_bounds(planned):
    draft = Draft()
    source = image(draft, 4, 4)
    wide = pad(draft, source, (0, 1, 0, 0), 3, (4, 4))
    target = draft.call("aten::clamp", wide, (-9,), (9,), out=image(draft, 5, 4))
    draft.inputs, draft.outputs = [source], [target]
    assert kernels(planned(draft)) == ["cortex_m_pad", "cortex_m_clamp_s8"]


def test_clamps_and_pads_after_each_other(planned):
    """A clamp that was fused leaves its pad, whose reader takes it."""
    draft = Draft()
    source = image(draft, 6, 4)
    inside = convolve(draft, source, image(draft, 6, 4), taps=1)
    bounded = draft.call("aten::clamp", inside, (3,), (90,), out=image(draft, 6, 4))
    wide = pad(draft, bounded, (0, 1, 0, 1), 3, (6, 4))
    last = convolve(draft, wide, image(draft, 3, 2), taps=3, stride=2)
    target = draft.call("aten::clamp", last, (-5,), (50,), out=image(draft, 3, 2))
    draft.inputs, draft.outputs = [source], [target]
    steps = planned(draft)
    assert [step["index"] for step in steps if step["kernel"]] == [0, 3]
    assert bounds(steps[0]) == (3, 90)
    assert bounds(steps[3]) == (-5, 50)


def test_a_name_that_is_written_again(planned):
    """The pad's input is no longer there when the convolution runs."""
    draft = Draft()
    source = image(draft, 6, 4)
    twice = draft.call("aten::clamp", source, (-9,), (9,), out=image(draft, 6, 4))
    wide = pad(draft, twice, (0, 1, 0, 1), 3, (6, 4))
    draft.call("aten::clamp", source, (-5,), (5,), out=twice)
    first = convolve(draft, wide, image(draft, 3, 2), taps=3, stride=2)
    second = convolve(draft, twice, image(draft, 4, 2), taps=3)
    draft.inputs, draft.outputs = [source], [first, second]
    assert "cortex_m_pad" in kernels(planned(draft))


def bounded_in_float(scale: float = 0.1, other: float = 0.05, **sides) -> Draft:
    """Int8 to float32, bounded there, and back to int8 of another scale."""
    draft = Draft()
    source, target = draft.tensor([1, 300]), draft.tensor([1, 300])
    wide, bounded = draft.tensor([1, 300], "FLOAT"), draft.tensor([1, 300], "FLOAT")
    numbers = ((scale,), (3,), (-128,), (127,), (1,))
    draft.call("cortex_m::dequantize_per_tensor", source, *numbers, out=wide)
    draft.call("aten::hardtanh", wide, (sides.get("low", 0.0),), (6.0,), out=bounded)
    numbers = ((other,), (-128,), (-128,), (127,), (1,))
    draft.call("cortex_m::quantize_per_tensor", bounded, *numbers, out=target)
    draft.inputs, draft.outputs = [source], [target]
    return draft


def single(number: float) -> float:
    return struct.unpack("<f", struct.pack("<f", number))[0]


def test_bounds_in_float_are_a_table(planned, tmp_path):
    steps = planned(bounded_in_float())
    assert kernels(steps) == [None, None, "cortex_m_quantized_activation"]
    assert steps[0]["vanished"] == "fused into the table of instruction 2"
    assert steps[2]["fused"] == ["instruction 0, dequantize_per_tensor", "instruction 1, hardtanh"]
    # PyTorch: x * (1 / scale) with the inverse in double, then in float32.
    scale, inverse = single(0.1), single(1 / 0.05)
    meant = []
    for value in range(-128, 128):
        real = min(max(single((value - 3) * scale), 0.0), 6.0)
        meant.append(min(max(round(single(real * inverse)) - 128, -128), 127))
    tables = (tmp_path / "out" / "m_tables.bin").read_bytes()
    assert list(struct.unpack("256b", tables[:256])) == meant


@pytest.mark.parametrize("scale", [2.0**-70, 2.0**70])
def test_scales_that_may_leave_float32(planned, scale):
    assert kernels(planned(bounded_in_float(scale)))[0] == "cortex_m_dequantize_per_tensor"


def test_denormal_bounds(planned):
    assert None not in kernels(planned(bounded_in_float(low=2.0**-140)))


def test_float_that_something_else_reads(planned):
    draft = bounded_in_float()
    draft.outputs.append(draft.instructions[1]["instr_args"]["args"][-1])
    assert "cortex_m_quantized_activation" not in kernels(planned(draft))


def test_a_function_of_the_c_library_is_no_table(planned):
    """Its results are not known exactly."""
    draft = Draft()
    source, target = draft.tensor([1, 300]), draft.tensor([1, 300])
    wide, bent = draft.tensor([1, 300], "FLOAT"), draft.tensor([1, 300], "FLOAT")
    numbers = ((0.1,), (3,), (-128,), (127,), (1,))
    draft.call("cortex_m::dequantize_per_tensor", source, *numbers, out=wide)
    draft.call("aten::exp", wide, out=bent)
    draft.call("cortex_m::quantize_per_tensor", bent, *numbers, out=target)
    draft.inputs, draft.outputs = [source], [target]
    assert "cortex_m_exp_f32" in kernels(planned(draft))
