# SPDX-License-Identifier: Apache-2.0
"""Random programs of pads, convolutions, maxima and bounds: fused, they compute the same bytes."""

import random
import struct
from itertools import product

import pytest
from cortex_m_plan import fusion, spread
from cortex_m_plan.program import Program, Tensor
from cortex_m_plan.step import Pointer, Step
from rewriting import bound, decoded, moved
from support import NHWC, Draft
from test_elision_random import described

CHANNELS = 2


class Writer:
    """A random program of images, most of which only the next call reads."""

    def __init__(self, rng: random.Random):
        self.rng = rng
        self.draft = Draft()
        self.zero_point = rng.choice([-128, 3])
        self.other = rng.randint(-128, 127)
        source = self.image(rng.randint(3, 6), rng.randint(3, 6))
        self.draft.inputs = [source[0]]
        made = [source]
        for _ in range(rng.randint(3, 7)):
            call = rng.choice([self.convolve, self.pool, self.clamp])
            image = made[-1] if rng.random() < 0.85 else rng.choice(made)
            if rng.random() < 0.5:
                image = self.pad(*image)
                made.append(image)
            found = call(*image)
            if found is not None:
                made.append(found)
        self.draft.outputs = [made[-1][0] if len(made) > 1 else self.clamp(*source)[0]]
        if rng.random() < 0.2 and len(made) > 2:
            self.draft.outputs.append(made[1][0])
            self.draft.outputs = list(dict.fromkeys(self.draft.outputs))

    def image(self, height: int, width: int) -> tuple[int, int, int]:
        return self.draft.tensor([1, CHANNELS, height, width], "CHAR", NHWC), height, width

    def pad(self, source: int, height: int, width: int):
        above, below, left, right = (self.rng.choice([0, 0, 1, 2]) for _ in range(4))
        value = self.zero()
        out = self.image(height + above + below, width + left + right)
        pre, post = [0, above, left, 0], [0, below, right, 0]
        self.draft.call("cortex_m::pad", source, (pre,), (post,), (value,), out=out[0])
        return out

    def convolve(self, source: int, height: int, width: int):
        rng, draft = self.rng, self.draft
        taps, stride, padding = rng.randint(1, 3), rng.randint(1, 3), rng.randint(0, 1)
        size = [(side + 2 * padding - taps) // stride + 1 for side in (height, width)]
        if min(size) < 1:
            return None
        depthwise = rng.random() < 0.5
        count = taps * taps * CHANNELS * (1 if depthwise else CHANNELS)
        sizes = [1, taps, taps, CHANNELS] if depthwise else [CHANNELS, taps, taps, CHANNELS]
        weight = draft.constant(sizes, data=rng.randbytes(count))
        bias = draft.constant([2], "INT", data=struct.pack("<2i", *self.two(-300, 300)))
        multipliers = draft.constant(
            [2], "INT", data=struct.pack("<2i", *self.two(1 << 29, 1 << 30))
        )
        shifts = draft.constant([2], "INT", data=struct.pack("<2i", *self.two(-9, -5)))
        name = "quantized_depthwise_conv2d" if depthwise else "quantized_conv2d"
        extra = [(1,)] if depthwise else []
        out = self.image(*size)
        draft.call(
            f"cortex_m::{name}",
            source, weight, bias, ([stride] * 2,), ([padding] * 2,), ([1, 1],), *extra,
            (-self.zero(),), (5,), multipliers, shifts, *self.bounds(),
            draft.tensor([0], "BYTE"), out=out[0],
        )  # fmt: skip
        return out

    def pool(self, source: int, height: int, width: int):
        window, stride = self.rng.randint(2, 3), self.rng.randint(1, 2)
        padding = self.rng.randint(0, 1)
        size = [(side + 2 * padding - window) // stride + 1 for side in (height, width)]
        if min(size) < 1:
            return None
        out = self.image(*size)
        numbers = ([window] * 2, [stride] * 2, [padding] * 2, [1, 1], False, 3, 3)
        self.draft.call(
            "cortex_m::quantized_max_pool2d",
            source, *((n,) for n in numbers), *self.bounds(), out=out[0],
        )  # fmt: skip
        return out

    def clamp(self, source: int, height: int, width: int):
        out = self.image(height, width)
        if self.rng.random() < 0.5:
            return self.draft.call("aten::clamp", source, *self.bounds(), out=out[0]), height, width
        value = self.rng.randbytes(1)
        operator = self.rng.choice(["cortex_m::minimum", "cortex_m::maximum"])
        constant = self.draft.constant([1, 1, 1, 1], data=value)
        return self.draft.call(operator, source, constant, out=out[0]), height, width

    def zero(self) -> int:
        """The program's zero point, mostly."""
        return self.zero_point if self.rng.random() < 0.85 else self.other

    def two(self, low: int, high: int) -> list[int]:
        return [self.rng.randint(low, high) for _ in range(2)]

    def bounds(self) -> tuple[tuple[int], tuple[int]]:
        low, high = sorted(self.two(-128, 127))
        return self.rng.choice([((-128,), (127,)), ((low,), (high,)), ((3,), (127,))])


def outcome(program: Program, steps, given: list[bytes]) -> list[bytes]:
    """What the steps leave in the outputs, by the kernels' formulas."""
    arena = bytearray(b"\xee" * program.arena_bytes)
    for tensor, data in zip(program.inputs, given, strict=True):
        arena[tensor.offset : tensor.end] = data
    for step in (step for parts in steps for step in parts if step.kernel):
        if step.kernel == "memcpy":
            move = step.move
            start, at = move.source.offset + move.source_at, move.target.offset + move.target_at
            arena[at : at + move.bytes] = arena[start : start + move.bytes]
            continue
        inputs = {
            item.role: memoryview(_bytes(program, arena, item.tensor))
            for item in step.arguments
            if isinstance(item, Pointer) and not item.writable and item.tensor is not None
        }
        (target,) = (
            item.tensor
            for item in step.arguments
            if isinstance(item, Pointer) and item.role == "output"
        )
        result = KERNELS[step.kernel](step, inputs)
        arena[target.offset : target.end] = struct.pack(f"{len(result)}b", *result)
    return [bytes(arena[tensor.offset : tensor.end]) for tensor in program.outputs]


def _bytes(program: Program, arena: bytearray, tensor: Tensor) -> bytes:
    held = arena if tensor.constant is None else program.constants.data
    return bytes(held[tensor.offset : tensor.end])


def _pad(step: Step, inputs) -> list[int]:
    numbers, data = step.parameters, inputs["input"].cast("b")
    (_, above, left, _), (_, below, right, _) = numbers["pre"], numbers["post"]
    _, height, width, channels = numbers["input"]
    return [
        data[((y - above) * width + x - left) * channels + channel]
        if above <= y < above + height and left <= x < left + width
        else numbers["value"]
        for y in range(above + height + below)
        for x in range(left + width + right)
        for channel in range(channels)
    ]


def _windows(numbers, height: int, width: int):
    """Of each output pixel the taps inside the input: of the window, and where in the input."""
    source, target = numbers["input"], numbers["output"]
    for y, x in product(range(target.h), range(target.w)):
        top = y * numbers["stride_h"] - numbers["pad_h"]
        left = x * numbers["stride_w"] - numbers["pad_w"]
        yield [
            (row * width + column, ((top + row) * source.w + left + column) * source.c)
            for row, column in product(range(height), range(width))
            if 0 <= top + row < source.h and 0 <= left + column < source.w
        ]


def _convolution(step: Step, inputs) -> list[int]:
    numbers, filter_ = step.parameters, step.parameters["filter"]
    data, weight = inputs["input"].cast("b"), inputs["weight"].cast("b")
    bias, multipliers, shifts = (inputs[n].cast("i") for n in ("bias", "multipliers", "shifts"))
    depthwise = "depth_multiplier" in numbers
    taps = filter_.h * filter_.w
    result = []
    for window in _windows(numbers, filter_.h, filter_.w):
        for channel in range(numbers["output"].c):
            total = bias[channel]
            for tap, place in window:
                for one in [channel] if depthwise else range(filter_.c):
                    factor = weight[
                        tap * filter_.c + channel
                        if depthwise
                        else (channel * taps + tap) * filter_.c + one
                    ]
                    total += (data[place + one] + numbers["input_offset"]) * factor
            scaled = total * multipliers[channel] >> 31 - shifts[channel]
            result.append(_clamped(scaled + numbers["output_offset"], numbers))
    return result


def _clamped(value: int, numbers) -> int:
    return min(max(value, numbers["activation_min"]), numbers["activation_max"])


def _maximum(step: Step, inputs) -> list[int]:
    numbers, data = step.parameters, inputs["input"].cast("b")
    return [
        _clamped(max(data[place + channel] for _, place in window), numbers)
        for window in _windows(numbers, numbers["kernel_h"], numbers["kernel_w"])
        for channel in range(numbers["input"].c)
    ]


def _clamp(step: Step, inputs) -> list[int]:
    low, high = step.parameters["minimum"], step.parameters["maximum"]
    return [min(max(value, low), high) for value in inputs["input"].cast("b")]


def _extremum(choose):
    def run(step: Step, inputs) -> list[int]:
        (constant,) = inputs["other"].cast("b")
        return [choose(value, constant) for value in inputs["self"].cast("b")]

    return run


KERNELS = {
    "cortex_m_pad": _pad,
    "cortex_m_quantized_conv2d": _convolution,
    "cortex_m_quantized_depthwise_conv2d": _convolution,
    "cortex_m_quantized_max_pool2d": _maximum,
    "cortex_m_clamp_s8": _clamp,
    "cortex_m_minimum": _extremum(min),
    "cortex_m_maximum": _extremum(max),
}


@pytest.mark.parametrize("seed", range(4))
def test_random_programs(seed, tmp_path):
    rng = random.Random(seed)
    pads = others = left = 0
    for _ in range(20):
        program = decoded(Writer(rng).draft, tmp_path)
        given = [rng.randbytes(tensor.bytes) for tensor in program.inputs]
        calls, steps, planned = bound(program, described(program))
        meant = outcome(program, steps, given)
        apart = spread.spread(program, calls, planned)
        program, calls, steps, planned = moved(apart, program, calls)
        calls, steps, planned = fusion.fuse(program, calls, steps, planned)
        assert outcome(program, steps, given) == meant
        gone = [call for call in calls if call.unread]
        pads += sum("padding" in call.unread for call in gone)
        others += sum("bounds" in call.unread for call in gone)
        left += len(calls) - len(gone)
        assert sum(len(call.fused) for call in calls if not call.unread) >= bool(gone)
    assert pads > 3
    assert others > 3
    assert left > 20
