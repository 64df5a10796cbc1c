# SPDX-License-Identifier: Apache-2.0
"""Operators of the Cortex-M dialect beside convolutions, pools and additions."""

import math
import struct
from typing import Any

import pytest
from cortex_m_plan.operators.softmax import tie_margin
from support import NHWC, Draft, convolution, ends


def shape(step: dict[str, Any]) -> list[list[int]]:
    """Output sizes and both operands' strides, without the unused dimensions."""
    rank, *lists = step["parameters"]["shape"]
    return [numbers[:rank] for numbers in lists]


def mul(
    draft: Draft,
    one: tuple[int, ...],
    other: tuple[int, ...],
    out: tuple[int, ...],
    *,
    zero_point: int = 1,
    shift: int = -9,
    dtype: str = "CHAR",
) -> Draft:
    orders = [NHWC if len(sizes) == 4 else None for sizes in (one, other, out)]
    left = draft.tensor(list(one), dtype, orders[0])
    right = draft.tensor(list(other), "CHAR", orders[1])
    target = draft.tensor(list(out), "CHAR", orders[2])
    numbers = ((7,), (1 << 30,), (shift,))
    draft.call("cortex_m::quantized_mul", left, (zero_point,), right, (4,), *numbers, out=target)
    draft.inputs, draft.outputs = [left, right], [target]
    return draft


def test_mul(planned):
    (step,) = planned(mul(Draft(), (1, 2, 3, 4), (1, 2, 3, 4), (1, 2, 3, 4)))
    assert step["kernel"] == "cortex_m_quantized_mul_dense"
    assert shape(step) == [[24], [1], [1]]
    assert step["parameters"]["output_multiplier"] == 1 << 30


@pytest.mark.parametrize(
    ("one", "other", "out", "expected"),
    [
        ((1, 5, 1, 1), (2, 5, 3, 4), (2, 5, 3, 4), [[24, 5], [0, 1], [5, 1]]),
        ((2, 5, 3, 4), (1, 5, 1, 1), (2, 5, 3, 4), [[24, 5], [5, 1], [0, 1]]),
        ((2, 1, 3, 4), (1, 1, 1, 1), (2, 1, 3, 4), [[24], [1], [0]]),
        ((3, 5, 1, 1), (1, 5, 1, 1), (3, 5, 1, 1), [[3, 5], [5, 1], [0, 1]]),
        ((2, 3), (3,), (2, 3), [[2, 3], [3, 1], [0, 1]]),
        ((), (), (), [[1], [0], [0]]),
    ],
)
def test_mul_broadcast(planned, one, other, out, expected):
    (step,) = planned(mul(Draft(), one, other, out))
    assert shape(step) == expected


def test_mul_of_hardswish(planned):
    """Its zero points lie outside int8."""
    (step,) = planned(mul(Draft(), (1, 8), (1, 8), (1, 8), zero_point=-444))
    assert step["parameters"]["self_zero_point"] == -444


def test_mul_refused(refused):
    same = ((1, 8),) * 3
    assert "self is int32, the kernel takes int8" in refused(mul(Draft(), *same, dtype="INT"))
    assert "output_shift is 64" in refused(mul(Draft(), *same, shift=64))
    assert "self_zero_point is" in refused(mul(Draft(), *same, zero_point=1 << 25))
    assert "do not give 1x8" in refused(mul(Draft(), (1, 8), (1, 7), (1, 8)))


def binary(
    draft: Draft,
    operator: str,
    one: tuple[int, ...],
    other: tuple[int, ...],
    out: tuple[int, ...],
    dtypes: tuple[str, str, str] = ("CHAR",) * 3,
) -> Draft:
    left, right = draft.tensor(list(one), dtypes[0]), draft.tensor(list(other), dtypes[1])
    target = draft.tensor(list(out), dtypes[2])
    draft.call(operator, left, right, out=target)
    draft.inputs, draft.outputs = [left, right], [target]
    return draft


@pytest.mark.parametrize("name", ["minimum", "maximum"])
@pytest.mark.parametrize(("dtype", "suffix"), [("CHAR", ""), ("INT", "_s32")])
def test_extremum(planned, name, dtype, suffix):
    draft = binary(Draft(), f"cortex_m::{name}", (2, 3), (3,), (2, 3), (dtype,) * 3)
    (step,) = planned(draft)
    assert step["kernel"] == f"cortex_m_{name}{suffix}"
    assert shape(step) == [[2, 3], [3, 1], [0, 1]]


def test_extremum_with_one_element_of_higher_rank(planned):
    """The result has self's shape, whatever the rank of the other."""
    (step,) = planned(binary(Draft(), "cortex_m::minimum", (6,), (1, 1, 1), (6,)))
    assert shape(step) == [[6], [1], [0]]


def test_extremum_refused(refused):
    same = ((1, 8),) * 3
    draft = binary(Draft(), "cortex_m::maximum", *same, ("LONG",) * 3)
    assert "self is int64, the kernel takes int8 or int32" in refused(draft)
    draft = binary(Draft(), "cortex_m::maximum", *same, ("INT", "CHAR", "INT"))
    assert "other is int8, the kernel takes int32" in refused(draft)


def activation(draft: Draft, entries: int = 256) -> Draft:
    source, target = draft.tensor([2, 5]), draft.tensor([2, 5])
    draft.call("cortex_m::quantized_activation", source, draft.constant([entries]), out=target)
    return ends(draft, source, target)


def test_activation(planned):
    (step,) = planned(activation(Draft()))
    assert step["kernel"] == "cortex_m_quantized_activation"
    assert step["parameters"] == {"count": 10}


def test_activation_refused(refused):
    assert "table has 255 elements, not 256" in refused(activation(Draft(), 255))


def clamp(draft: Draft, low: Any, high: Any) -> Draft:
    source, target = draft.tensor([2, 5]), draft.tensor([2, 5])
    draft.call("aten::clamp", source, (low,), (high,), out=target)
    return ends(draft, source, target)


@pytest.mark.parametrize(
    ("bounds", "expected"), [((-3, 5), (-3, 5)), ((None, 5), (-128, 5)), ((-3, None), (-3, 127))]
)
def test_clamp(planned, bounds, expected):
    (step,) = planned(clamp(Draft(), *bounds))
    assert step["kernel"] == "cortex_m_clamp_s8"
    assert (step["parameters"]["minimum"], step["parameters"]["maximum"]) == expected


def test_relu_of_int8(planned):
    draft = Draft()
    source, target = draft.tensor([2, 5]), draft.tensor([2, 5])
    draft.call("aten::relu", source, out=target)
    (step,) = planned(ends(draft, source, target))
    assert step["kernel"] == "cortex_m_clamp_s8"
    assert (step["parameters"]["minimum"], step["parameters"]["maximum"]) == (0, 127)


def test_clamp_refused(refused):
    assert "its minimum is -200" in refused(clamp(Draft(), -200, 5))
    assert "its maximum is 0.5" in refused(clamp(Draft(), -3, 0.5))


def div(draft: Draft, dtype: str = "CHAR", *, zero_point: int = 3, scale: float = 2.5) -> Draft:
    left, right, target = (draft.tensor([2, 5], dtype) for _ in range(3))
    numbers = ((zero_point,), (scale,))
    draft.call("cortex_m::quantized_div", left, (1,), right, (2,), *numbers, out=target)
    draft.inputs, draft.outputs = [left, right], [target]
    return draft


@pytest.mark.parametrize(("dtype", "suffix"), [("CHAR", ""), ("SHORT", "_s16")])
def test_div(planned, dtype, suffix):
    (step,) = planned(div(Draft(), dtype))
    assert step["kernel"] == f"cortex_m_quantized_div{suffix}"
    assert step["parameters"]["output_scale"] == 2.5


def test_div_refused(refused):
    assert "output_zero_point is 128" in refused(div(Draft(), zero_point=128))
    assert "its scale is 0.0" in refused(div(Draft(), scale=0.0))
    assert "its scale is inf" in refused(div(Draft(), scale=math.inf))
    assert "the kernel takes int8 or int16" in refused(div(Draft(), "INT"))


def softmax(
    draft: Draft,
    sizes: tuple[int, ...],
    dim: int,
    *,
    order: list[int] | None = None,
    multiplier: int = 1 << 30,
    shift: int = 24,  # with the multiplier, a scale of 1/8
    zero_points: tuple[int, int] = (3, -128),
) -> Draft:
    source, target = (draft.tensor(list(sizes), "CHAR", order) for _ in range(2))
    numbers = ((zero_points[0],), (zero_points[1],), (multiplier,), (shift,), (-248,))
    draft.call("cortex_m::softmax", source, (dim,), *numbers, out=target)
    return ends(draft, source, target)


def test_softmax(planned):
    (step,) = planned(softmax(Draft(), (3, 10), -1))
    parameters = step["parameters"]
    assert step["kernel"] == "cortex_m_softmax"
    assert [parameters[name] for name in ("outer", "count", "inner", "lanes")] == [3, 10, 1, 8]
    assert parameters["input_scale"] == 0.125
    assert parameters["exponentials"][0] == 1 << 30
    assert parameters["exponentials"][8] == round((1 << 30) / math.e)
    assert len(parameters["exponentials"]) == 256


@pytest.mark.parametrize(
    ("sizes", "dim", "order", "expected"),
    [
        ((2, 5, 3, 4), 1, [0, 1, 2, 3], [2, 5, 12, 1]),
        ((2, 5, 3, 4), 1, NHWC, [24, 5, 1, 1]),
        ((2, 5, 3, 4), 3, NHWC, [6, 4, 5, 8]),
        ((7,), 0, [0], [1, 7, 1, 8]),
        ((2, 5, 1, 1), 1, [0, 1, 2, 3], [2, 5, 1, 1]),
    ],
)
def test_softmax_along_any_dimension(planned, sizes, dim, order, expected):
    """PyTorch sums in another order along the last of its dimensions, wherever it lies."""
    (step,) = planned(softmax(Draft(), sizes, dim, order=order))
    parameters = step["parameters"]
    assert [parameters[name] for name in ("outer", "count", "inner", "lanes")] == expected


def test_softmax_refused(refused):
    assert "no dimension 2" in refused(softmax(Draft(), (3, 10), 2))
    assert "its input scale is 0.0" in refused(softmax(Draft(), (3, 10), 1, multiplier=0))
    assert "input scale" in refused(softmax(Draft(), (3, 10), 1, shift=2000))
    assert "zero point is 128" in refused(softmax(Draft(), (3, 10), 1, zero_points=(128, -128)))
    assert "output's zero point" in refused(softmax(Draft(), (3, 10), 1, zero_points=(0, 0)))


def test_tie_margin():
    """Small for usual scales, and the most where the reference is mostly rounding error."""
    assert tie_margin(10, 8, 0.1, 0) < 2**32 * 2e-5
    assert tie_margin(10, 8, 0.1, 0) < tie_margin(10, 8, 0.1, -128)
    assert tie_margin(600, 8, 0.1, 0) < tie_margin(600, 1, 0.1, 0)
    assert tie_margin(10, 8, 2.0**100, 0) == 2**31 - 1


def matmul(
    draft: Draft,
    lhs: tuple[int, ...] = (2, 3, 5),
    rhs: tuple[int, ...] = (2, 4, 5),
    out: tuple[int, ...] = (2, 3, 4),
    *,
    order: list[int] | None = None,
    offset: int = 5,
    constant: bool = False,
    scratch: int = 16,
) -> Draft:
    left = draft.tensor(list(lhs), "CHAR", order)
    right = draft.constant(list(rhs)) if constant else draft.tensor(list(rhs))
    working, target = draft.tensor([scratch], "BYTE"), draft.tensor(list(out))
    numbers = ((7,), (1 << 30,), (-6,))
    draft.call(
        "cortex_m::quantized_batch_matmul", left, (offset,), right, (-4,), *numbers, working,
        out=target,
    )  # fmt: skip
    draft.inputs, draft.outputs = [left] if constant else [left, right], [target]
    return draft


@pytest.mark.parametrize("constant", [False, True])
def test_matmul(planned, constant):
    (step,) = planned(matmul(Draft(), constant=constant))
    parameters = step["parameters"]
    assert step["kernel"] == "cortex_m_quantized_batch_matmul"
    assert [parameters[name] for name in ("batch", "rows", "columns", "inner")] == [2, 3, 4, 5]
    need = "CORTEX_M_QUANTIZED_BATCH_MATMUL_SCRATCH(5, 4)"
    assert step["scratch"] == [{"need": need, "bytes": 0, "program_bytes": 16}]
    assert "float32" not in step["summary"]


def test_matmul_notes_sums_that_float32_rounds(planned):
    (step,) = planned(matmul(Draft(), (1, 1, 2000), (1, 1, 2000), (1, 1, 1)))
    assert "float32 adds exactly up to 16777216" in step["summary"]


def test_matmul_refused(refused):
    assert "is not 2x3x5" in refused(matmul(Draft(), out=(2, 3, 5)))
    assert "lhs is not contiguous" in refused(matmul(Draft(), order=[0, 2, 1]))
    assert "lhs has 2 dimensions" in refused(matmul(Draft(), lhs=(3, 5)))
    assert "lhs_offset is 129" in refused(matmul(Draft(), offset=129))


def transpose_convolution(draft: Draft, **changes: Any) -> Draft:
    """4x3 pixels of 2 channels to 3 channels."""
    nhwc = changes.pop("nhwc", False)
    order = [0, 1, 2, 3] if nhwc else NHWC
    sizes = changes.pop("sizes", (1, 4, 3, 2) if nhwc else (1, 2, 4, 3))
    out = changes.pop("out", (1, 8, 7, 3) if nhwc else (1, 3, 8, 7))
    source, target = (draft.tensor(list(s), "CHAR", order) for s in (sizes, out))
    scratches = [draft.tensor([size], "BYTE") for size in changes.pop("scratch", (48, 32))]
    kernel = draft.constant(list(changes.pop("weight", (3, 3, 3, 2))))
    bias = draft.constant([3], "INT") if changes.pop("bias", True) else draft.literal(None)
    multipliers = draft.constant([3], "INT")
    shifts = draft.constant([3], "INT", data=struct.pack("<3i", *changes.pop("shifts", (0, 1, -9))))
    windows = ([2, 2], changes.pop("padding", [1, 1]), changes.pop("more", [1, 2]), [1, 1])
    draft.call(
        f"cortex_m::quantized_transpose_conv2d{'_nhwc' * nhwc}",
        source, kernel, bias, *((pair,) for pair in windows), (5,), (-3,), multipliers, shifts,
        (-128,), (127,), *scratches, out=target,
    )  # fmt: skip
    assert not changes
    return ends(draft, source, target)


@pytest.mark.parametrize("nhwc", [False, True])
def test_transpose_convolution(planned, nhwc):
    (step,) = planned(transpose_convolution(Draft(), nhwc=nhwc))
    parameters = step["parameters"]
    assert step["kernel"] == "cortex_m_quantized_transpose_conv2d"
    assert parameters["input"] == [1, 4, 3, 2]
    assert parameters["filter"] == [3, 3, 3, 2]
    assert parameters["output"] == [1, 8, 7, 3]
    assert step["macs"] == (4 * 3 * 2) * (3 * 3 * 3)
    sizes = "(1, 4, 3, 2, 3, 3, 2, 8, 7, 3)"
    assert step["scratch"] == [
        {
            "need": f"CORTEX_M_QUANTIZED_TRANSPOSE_CONV2D_SCRATCH{sizes}",
            "bytes": 0,
            "program_bytes": 48,
        },
        {
            "need": f"CORTEX_M_QUANTIZED_TRANSPOSE_CONV2D_OUTPUT_SCRATCH{sizes}",
            "bytes": 0,
            "program_bytes": 32,
        },
    ]


def test_transpose_convolution_without_bias_and_scratch(planned):
    planned(transpose_convolution(Draft(), bias=False, scratch=(0, 0)))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"out": (1, 3, 8, 6)}, "the output is 1x8x6 large, not 1x8x7"),
        ({"weight": (3, 3, 3, 1)}, "2 channels through a 3x3x3x1 filter do not give 3"),
        ({"shifts": (0, -64, 0)}, "the shift of output channel 1 is -64, not one of -63 .. 63"),
        ({"padding": [-1, 0]}, "impossible"),
    ],
)
def test_transpose_convolution_refused(refused, changes, message):
    assert message in refused(transpose_convolution(Draft(), **changes))


def test_shifts_of_a_convolution(refused):
    draft = convolution(Draft())
    table = len(draft.constants) - 16
    draft.constants = draft.constants[:table] + struct.pack("<3i4x", 0, 64, 0)
    assert "the shift of output channel 1 is 64" in refused(draft)


def test_quantize_to_int16(planned):
    draft = Draft()
    source, inside = draft.tensor([2, 3], "FLOAT"), draft.tensor([2, 3], "SHORT")
    target = draft.tensor([2, 3], "FLOAT")
    numbers = ((0.5,), (300,), (-32767,), (32767,), (2,))
    draft.call("cortex_m::quantize_per_tensor", source, *numbers, out=inside)
    draft.call("cortex_m::dequantize_per_tensor", inside, *numbers, out=target)
    kernels = [step["kernel"] for step in planned(ends(draft, source, target))]
    assert kernels == ["cortex_m_quantize_per_tensor_s16", "cortex_m_dequantize_per_tensor_s16"]


@pytest.mark.parametrize(("dtype", "size"), [("CHAR", 1), ("SHORT", 2), ("INT", 4)])
def test_pad_of_each_type(planned, dtype, size):
    draft = Draft()
    source, target = draft.tensor([4, 5], dtype), draft.tensor([6, 5], dtype)
    draft.call("cortex_m::pad", source, ([0, 0, 2, 0],), ([0, 0, 0, 0],), (-7,), out=target)
    (step,) = planned(ends(draft, source, target))
    assert step["parameters"]["element_bytes"] == size
