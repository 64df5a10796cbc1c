# SPDX-License-Identifier: Apache-2.0
"""One instruction at a time: what becomes of it, and what is refused."""

from typing import Any

import pytest
from support import NHWC, Draft, convolution, ends


def dims(*sizes: int) -> list[int]:
    return list(sizes)


def test_convolution(planned):
    (step,) = planned(convolution(Draft(), scratch=48))
    assert step["kernel"] == "cortex_m_quantized_conv2d"
    parameters = step["parameters"]
    assert parameters["input"] == dims(1, 5, 4, 2)
    assert parameters["filter"] == dims(3, 3, 3, 2)
    assert parameters["output"] == dims(1, 3, 2, 3)
    assert parameters["input_offset"] == 5
    assert parameters["output_offset"] == -3
    assert step["scratch"] == [
        {
            "need": "CORTEX_M_QUANTIZED_CONV2D_SCRATCH(1, 5, 4, 2, 3, 3, 2, 3, 2, 3)",
            "bytes": 0,
            "program_bytes": 48,
        }
    ]


def test_convolution_nhwc(planned):
    draft = convolution(
        Draft(), nhwc=True, input_sizes=(1, 5, 4, 2), output_sizes=(1, 3, 2, 3), bias=False
    )
    (step,) = planned(draft)
    assert step["kernel"] == "cortex_m_quantized_conv2d"
    assert step["parameters"]["input"] == dims(1, 5, 4, 2)
    assert step["parameters"]["output"] == dims(1, 3, 2, 3)


def test_convolution_strided_padded_dilated(planned):
    draft = convolution(
        Draft(), input_sizes=(2, 2, 9, 8), output_sizes=(2, 3, 5, 4),
        stride=(2, 1), padding=(2, 0), dilation=(2, 2),
    )  # fmt: skip
    (step,) = planned(draft)
    assert step["parameters"]["stride_h"] == 2
    assert step["parameters"]["pad_h"] == 2
    assert step["parameters"]["dilation_w"] == 2


def test_one_number_for_a_pair(planned):
    draft = convolution(Draft(), stride=(1,), padding=(1,), output_sizes=(1, 3, 5, 4))
    (step,) = planned(draft)
    assert (step["parameters"]["pad_h"], step["parameters"]["pad_w"]) == (1, 1)


def test_groups(planned):
    (step,) = planned(
        convolution(
            Draft(), input_sizes=(1, 4, 5, 4), weight=(6, 3, 3, 2), output_sizes=(1, 6, 3, 2)
        )
    )
    assert step["parameters"]["filter"] == dims(6, 3, 3, 2)
    assert step["macs"] == (6 * 3 * 2) * (3 * 3 * 2)


@pytest.mark.parametrize(
    "order",
    [
        [0, 2, 1, 3],  # as ExecuTorch writes a channels-last tensor with one channel
        [0, 1, 2, 3],
        [0, 2, 3, 1],
    ],
)
def test_one_channel_has_no_place(planned, order):
    draft = convolution(Draft(), input_sizes=(1, 1, 5, 4), weight=(3, 3, 3, 1), order=order)
    (step,) = planned(draft)
    assert step["parameters"]["input"] == dims(1, 5, 4, 1)


def test_depthwise(planned):
    draft = convolution(
        Draft(), weight=(1, 3, 3, 6), output_sizes=(1, 6, 3, 2), depth_multiplier=3, scratch=16
    )
    (step,) = planned(draft)
    assert step["kernel"] == "cortex_m_quantized_depthwise_conv2d"
    assert step["parameters"]["depth_multiplier"] == 3
    assert step["macs"] == (6 * 3 * 2) * (3 * 3)
    assert step["scratch"][0]["need"] == (
        "CORTEX_M_QUANTIZED_DEPTHWISE_CONV2D_SCRATCH(1, 5, 4, 2, 3, 3, 6, 3, 2, 6, 3)"
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"order": [0, 1, 2, 3]}, "the input is not NHWC in memory"),
        ({"dtype": "FLOAT"}, "input is float32, the kernel takes int8"),
        ({"weight": (3, 3, 3, 3)}, "2 channels through a 3x3x3x3 filter do not give 3"),
        ({"weight": (4, 3, 3, 2)}, "do not give 3"),
        ({"weight": (3, 2, 3, 2)}, "the output is 1x3x2 large, not 1x4x2"),
        ({"stride": (0, 1)}, "impossible"),
        ({"padding": (-1, 0)}, "impossible"),
        ({"multipliers": 4}, "multipliers has 4 elements, not 3"),
        ({"low": -129}, "the activation range is -129 .. 127"),
        ({"stride": (1, 1, 1)}, "argument stride is (1, 1, 1), not one or two integers"),
        ({"weight": (1, 3, 3, 4), "depth_multiplier": 2}, "2 channels, 2 times"),
    ],
)
def test_convolution_refused(refused, changes, message):
    text = refused(convolution(Draft(), **changes))
    assert message in text
    assert "instruction 0, cortex_m::quantized_" in text
    assert "net.py:7 self.conv(x)" in text
    assert "node: conv_node in module body.conv" in text


def linear(
    draft: Draft,
    sizes: tuple[int, ...] = (1, 8),
    *,
    order: list[int] | None = None,
    bias: bool = True,
    kernel_sum: bool = False,
    multipliers: tuple[int, ...] = (1 << 30,),
    shift: int = -5,
) -> Draft:
    source = draft.tensor(list(sizes), "CHAR", order)
    target = draft.tensor([*sizes[:-1], 3])
    draft.call(
        "cortex_m::quantized_linear",
        source,
        draft.constant([3, 8]),
        draft.constant([3], "INT") if bias else draft.literal(None),
        draft.constant([1, 3], "INT") if kernel_sum else draft.literal(None),
        (7,), (0,), (-2,), (list(multipliers),), ([shift] * len(multipliers),), (127,), (-100,),
        out=target,
    )  # fmt: skip
    return ends(draft, source, target)


@pytest.mark.parametrize(
    ("sizes", "rows"), [((1, 8), 1), ((4, 8), 4), ((2, 3, 8), 6), ((8,), 1), ((2, 3, 2, 8), 12)]
)
def test_linear_rows(planned, sizes, rows):
    (step,) = planned(linear(Draft(), sizes))
    assert step["parameters"]["rows"] == rows
    assert step["parameters"]["in_features"] == 8
    assert step["parameters"]["out_features"] == 3


def test_linear_activation_order(planned):
    """The schema of quantized_linear has the maximum before the minimum."""
    (step,) = planned(linear(Draft(), bias=False, kernel_sum=True))
    assert step["parameters"]["activation_min"] == -100
    assert step["parameters"]["activation_max"] == 127


def test_linear_refused(refused):
    assert "not contiguous" in refused(linear(Draft(), (2, 3, 8), order=[1, 0, 2]))
    assert "more than one scale" in refused(linear(Draft(), multipliers=(1, 2)))
    assert "is not 1x3" in refused(linear(Draft(), (1, 7)))
    assert "shift is -64" in refused(linear(Draft(), shift=-64))


def add(
    draft: Draft,
    one: tuple[int, ...],
    other: tuple[int, ...],
    out: tuple[int, ...],
    orders: tuple[list[int], list[int], list[int]] = (NHWC, NHWC, NHWC),
) -> Draft:
    left = draft.tensor(list(one), "CHAR", orders[0])
    right = draft.tensor(list(other), "CHAR", orders[1])
    target = draft.tensor(list(out), "CHAR", orders[2])
    draft.call(
        "cortex_m::quantized_add",
        left, (1,), (2,), (-3,), right, (4,), (5,), (-6,),
        (7,), (8,), (-9,), (-128,), (127,), out=target,
    )  # fmt: skip
    draft.inputs, draft.outputs = [left, right], [target]
    return draft


def shape(step: dict[str, Any]) -> list[list[int]]:
    """Output sizes and both operands' strides, without the unused dimensions."""
    rank, *lists = step["parameters"]["shape"]
    return [numbers[:rank] for numbers in lists]


def test_add(planned):
    (step,) = planned(add(Draft(), (1, 2, 3, 4), (1, 2, 3, 4), (1, 2, 3, 4)))
    assert shape(step) == [[24], [1], [1]]
    assert step["parameters"]["other_shift"] == -6


@pytest.mark.parametrize("channels_first", [True, False])
def test_add_per_channel(planned, channels_first):
    shapes = [(1, 5, 1, 1), (2, 5, 3, 4)]
    strides = [[0, 1], [5, 1]]
    if not channels_first:
        shapes.reverse()
        strides.reverse()
    (step,) = planned(add(Draft(), *shapes, (2, 5, 3, 4)))
    assert shape(step) == [[24, 5], *strides]


def test_add_same_order_spelled_differently(planned):
    sizes = (1, 1, 3, 4)
    (step,) = planned(add(Draft(), sizes, sizes, sizes, ([0, 1, 2, 3], [0, 2, 3, 1], [0, 2, 1, 3])))
    assert shape(step) == [[12], [1], [1]]


def test_add_of_other_memory_order(planned):
    sizes = (1, 2, 3, 4)
    (step,) = planned(add(Draft(), sizes, sizes, sizes, (NHWC, [0, 1, 2, 3], NHWC)))
    assert shape(step) == [[12, 2], [2, 1], [1, 12]]


def test_add_of_one_channel(planned):
    """What is_channel_broadcast takes for channels-last, whatever dim_order says."""
    orders = ([0, 1, 2, 3], NHWC, [0, 1, 2, 3])
    (step,) = planned(add(Draft(), (2, 1, 3, 4), (1, 1, 1, 1), (2, 1, 3, 4), orders))
    assert shape(step) == [[24], [1], [0]]


def test_add_of_two_broadcasts(planned):
    contiguous = ([0, 1, 2, 3],) * 3
    (step,) = planned(add(Draft(), (2, 1, 3, 1), (1, 5, 1, 4), (2, 5, 3, 4), contiguous))
    assert shape(step) == [[2, 5, 3, 4], [3, 0, 1, 0], [0, 4, 0, 1]]


def test_add_of_ranks_one_to_six(planned):
    for rank in range(7):
        sizes = (2,) * rank
        order = list(range(rank))
        (step,) = planned(add(Draft(), sizes, sizes, sizes, (order,) * 3))
        assert shape(step) == [[2**rank], [int(rank > 0)], [int(rank > 0)]]


def test_add_refused(refused):
    sizes = (1, 2, 3, 4)
    message = refused(add(Draft(), sizes, (1, 3, 3, 4), sizes))
    assert "1x2x3x4 and 1x3x3x4 do not give 1x2x3x4" in message
    assert "do not give 1x2x3x5" in refused(add(Draft(), sizes, sizes, (1, 2, 3, 5)))
    sizes = (2,) * 7
    orders = (list(range(7)), list(range(6, -1, -1)), list(range(7)))
    assert "walks 6 dimensions" in refused(add(Draft(), sizes, sizes, sizes, orders))


def test_add_of_a_constant(planned):
    draft = Draft()
    left, target = draft.tensor([1, 6]), draft.tensor([1, 6])
    draft.call(
        "cortex_m::quantized_add",
        left, (1,), (2,), (-3,), draft.constant([1, 6]), (4,), (5,), (-6,),
        (7,), (8,), (-9,), (-128,), (127,), out=target,
    )  # fmt: skip
    planned(ends(draft, left, target))


def pool(
    draft: Draft,
    name: str,
    *,
    sizes: tuple[int, ...] = (1, 2, 6, 7),
    out: tuple[int, ...] = (1, 2, 3, 3),
    kernel: tuple[int, ...] = (2, 2),
    stride: tuple[int, ...] = (2, 2),
    padding: tuple[int, ...] = (0, 0),
    dilation: tuple[int, ...] = (1, 1),
    ceil_mode: bool = False,
    zero_points: tuple[int, int] = (3, 3),
    order: list[int] | None = None,
) -> Draft:
    source = draft.tensor(list(sizes), "CHAR", order or NHWC)
    windows = [(list(kernel),), (list(stride),), (list(padding),)]
    target = draft.tensor(list(out), "CHAR", order or NHWC)
    if "avg" in name:
        scratch = draft.tensor([32], "BYTE")
        draft.call(name, source, *windows, (ceil_mode,), (3,), (1 << 30,), (-2,), scratch,
                   out=target)  # fmt: skip
    else:
        zero = [(value,) for value in zero_points]
        draft.call(name, source, *windows, (list(dilation),), (ceil_mode,), *zero, (-100,), (99,),
                   out=target)  # fmt: skip
    return ends(draft, source, target)


AVERAGE = "cortex_m::quantized_avg_pool2d"
MAXIMUM = "cortex_m::quantized_max_pool2d"


def test_average(planned):
    (step,) = planned(pool(Draft(), AVERAGE))
    assert step["kernel"] == "cortex_m_quantized_avg_pool2d_integer"
    assert step["parameters"]["scale"] == 0.125
    assert step["scratch"][0]["need"] == "0"


def test_average_of_many(planned):
    why = "a window of 400 elements, more than 179"
    whole = {"kernel": (20, 20), "stride": (1, 1)}
    draft = pool(Draft(), AVERAGE, sizes=(1, 2, 20, 20), out=(1, 2, 1, 1), **whole)
    (step,) = planned(draft)
    assert step["kernel"] == "cortex_m_quantized_avg_pool2d"
    assert step["rejected"] == [{"kernel": "cortex_m_quantized_avg_pool2d_integer", "why": why}]
    assert step["scratch"][0]["need"] == "CORTEX_M_QUANTIZED_AVG_POOL2D_SCRATCH(20, 20, 2, 1, 1)"


def test_average_ceil_mode(planned):
    (step,) = planned(pool(Draft(), AVERAGE, ceil_mode=True, out=(1, 2, 3, 4)))
    assert step["parameters"]["output"] == dims(1, 3, 4, 2)


def test_ceil_mode_starts_no_window_in_the_padding(planned):
    planned(
        pool(
            Draft(), AVERAGE, sizes=(1, 2, 6, 6), out=(1, 2, 4, 4),
            kernel=(2, 2), padding=(1, 1), ceil_mode=True,
        )
    )  # fmt: skip


@pytest.mark.parametrize("name", [AVERAGE, MAXIMUM])
def test_pool_nhwc(planned, name):
    draft = pool(Draft(), f"{name}_nhwc", sizes=(1, 6, 7, 2), out=(1, 3, 3, 2), order=[0, 1, 2, 3])
    (step,) = planned(draft)
    assert step["parameters"]["input"] == dims(1, 6, 7, 2)


def test_maximum(planned):
    (step,) = planned(pool(Draft(), MAXIMUM))
    assert step["kernel"] == "cortex_m_quantized_max_pool2d"
    assert step["parameters"]["activation_min"] == -100
    assert step["scratch"] == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ceil_mode": True}, "ceil_mode is not supported"),
        ({"dilation": (2, 1)}, "its dilation is 2x1"),
        ({"zero_points": (3, 4)}, "different zero points"),
        ({"out": (1, 2, 3, 4)}, "the output is 1x3x4x2, not 1x3x3x2"),
        ({"padding": (2, 0)}, "its padding is more than half its kernel"),
        ({"order": [0, 1, 2, 3]}, "not NHWC"),
    ],
)
def test_maximum_refused(refused, changes, message):
    assert message in refused(pool(Draft(), MAXIMUM, **changes))


def pad(
    draft: Draft,
    sizes: tuple[int, ...],
    out: tuple[int, ...],
    pre: tuple[int, ...],
    post: tuple[int, ...],
    orders: tuple[list[int], list[int]] | None = None,
) -> Draft:
    orders = orders or (list(range(len(sizes))),) * 2
    source = draft.tensor(list(sizes), "CHAR", orders[0])
    target = draft.tensor(list(out), "CHAR", orders[1])
    draft.call("cortex_m::pad", source, (list(pre),), (list(post),), (-7,), out=target)
    return ends(draft, source, target)


def test_pad_channels_last(planned):
    """The amounts are in memory order already."""
    draft = pad(Draft(), (1, 2, 5, 6), (1, 2, 8, 9), (0, 1, 2, 0), (0, 2, 1, 0), (NHWC, NHWC))
    (step,) = planned(draft)
    assert step["parameters"] == {
        "element_bytes": 1, "input": dims(1, 5, 6, 2),
        "pre": [0, 1, 2, 0], "post": [0, 2, 1, 0], "value": -7,
    }  # fmt: skip


def test_pad_contiguous(planned):
    (step,) = planned(pad(Draft(), (1, 2, 5, 6), (1, 3, 5, 8), (0, 1, 0, 2), (0, 0, 0, 0)))
    assert step["parameters"]["input"] == dims(1, 2, 5, 6)
    assert step["parameters"]["pre"] == [0, 1, 0, 2]


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [0, 2, 1, 3], NHWC])
def test_pad_of_one_channel(planned, order):
    """The lowering takes one channel for channels-last, whatever dim_order says."""
    draft = pad(Draft(), (1, 1, 5, 6), (1, 3, 6, 6), (0, 1, 0, 0), (0, 0, 0, 2), (order, NHWC))
    (step,) = planned(draft)
    assert step["parameters"]["input"] == dims(1, 5, 6, 1)
    assert step["parameters"]["pre"] == [0, 1, 0, 0]
    assert step["parameters"]["post"] == [0, 0, 0, 2]


def test_pad_of_one_pixel(planned):
    draft = pad(
        Draft(), (1, 4, 1, 1), (1, 4, 3, 1), (0, 1, 0, 0), (0, 1, 0, 0), ([0, 1, 2, 3], NHWC)
    )
    (step,) = planned(draft)
    assert step["parameters"]["input"] == dims(1, 1, 1, 4)


def test_pad_of_lower_rank(planned):
    (step,) = planned(pad(Draft(), (4, 5), (6, 8), (0, 0, 2, 1), (0, 0, 0, 2)))
    assert step["parameters"]["input"] == dims(1, 1, 4, 5)
    assert step["parameters"]["pre"] == [0, 0, 2, 1]


def test_pad_of_nothing_is_a_copy(planned):
    (step,) = planned(pad(Draft(), (4, 5), (4, 5), (0,) * 4, (0,) * 4))
    assert step["kernel"] == "memcpy"


def test_pad_refused(refused):
    nothing = (0,) * 4
    assert "not the output's shape" in refused(pad(Draft(), (4, 5), (4, 6), nothing, nothing))
    draft = pad(Draft(), (1, 2, 5, 6), (1, 2, 5, 6), nothing, nothing, (NHWC, [0, 1, 2, 3]))
    assert "lie differently" in refused(draft)


def copy(
    draft: Draft,
    operator: str,
    *arguments: Any,
    sizes: tuple[int, ...],
    out: tuple[int, ...],
    orders: tuple[list[int] | None, list[int] | None] = (None, None),
    dtype: str = "CHAR",
    at: int | None = None,
    out_dtype: str | None = None,
) -> Draft:
    source = draft.tensor(list(sizes), dtype, orders[0])
    target = draft.tensor(list(out), out_dtype or dtype, orders[1], at=at)
    draft.call(operator, source, *arguments, out=target)
    return ends(draft, source, target)


CLONE = "dim_order_ops::_clone_dim_order"


def test_clone_in_place_is_nothing(planned):
    draft = copy(Draft(), CLONE, (False,), (None,), sizes=(1, 2, 3, 4), out=(1, 2, 3, 4), at=0)
    (step,) = planned(draft)
    assert step["kernel"] is None


def test_clone_elsewhere_is_memcpy(planned):
    draft = copy(
        Draft(), CLONE, (False,), ([0, 2, 3, 1],), sizes=(1, 2, 3, 4), out=(1, 2, 3, 4),
        orders=(NHWC, NHWC),
    )  # fmt: skip
    (step,) = planned(draft)
    assert step["kernel"] == "memcpy"


def test_clone_to_another_order(planned):
    draft = copy(
        Draft(), "dim_order_ops::_to_dim_order_copy", (False,), ([0, 1, 2, 3],),
        sizes=(2, 3, 4, 5), out=(2, 3, 4, 5), orders=(NHWC, [0, 1, 2, 3]), dtype="INT",
    )  # fmt: skip
    (step,) = planned(draft)
    assert step["kernel"] == "cortex_m_permute_copy"
    assert step["parameters"] == {
        "element_bytes": 4,
        "rank": 3,
        "output_dims": [2, 3, 20, 0, 0, 0],  # height and width stay neighbours
        "input_strides": [60, 1, 3, 0, 0, 0],
        "output_strides": [60, 20, 1, 0, 0, 0],
    }


def test_clone_of_one_channel_is_memcpy(planned):
    draft = copy(
        Draft(), "aten::clone", (None,), sizes=(2, 1, 4, 5), out=(2, 1, 4, 5),
        orders=(NHWC, [0, 1, 2, 3]),
    )  # fmt: skip
    (step,) = planned(draft)
    assert step["kernel"] == "memcpy"


def test_view_of_channels_last(planned):
    """A reshape follows the logical indices, so the memory order has to change."""
    draft = copy(
        Draft(), "aten::view_copy", ([1, 24],), sizes=(1, 2, 3, 4), out=(1, 24),
        orders=(NHWC, None),
    )  # fmt: skip
    (step,) = planned(draft)
    assert step["kernel"] == "cortex_m_permute_copy"
    assert step["parameters"]["output_dims"][:2] == [2, 12]
    assert step["parameters"]["input_strides"][:2] == [1, 2]


def test_view_of_contiguous(planned):
    draft = copy(Draft(), "aten::view_copy", ([6, 4],), sizes=(1, 2, 3, 4), out=(6, 4))
    (step,) = planned(draft)
    assert step["kernel"] == "memcpy"


@pytest.mark.parametrize(
    ("operator", "arguments", "out"),
    [
        ("aten::permute_copy", [([0, -1, 1, 2],)], (2, 5, 3, 4)),
        ("cortex_m::transpose", [([0, 3, 1, 2],)], (2, 5, 3, 4)),
        ("aten::transpose_copy.int_out", [(1,), (-1,)], (2, 5, 4, 3)),
    ],
)
def test_permute(planned, operator, arguments, out):
    (step,) = planned(copy(Draft(), operator, *arguments, sizes=(2, 3, 4, 5), out=out))
    assert step["kernel"] == "cortex_m_permute_copy"
    parameters = step["parameters"]
    source = list(range(120))
    sizes = parameters["output_dims"][: parameters["rank"]]
    strides = parameters["input_strides"][: parameters["rank"]]
    got = [0]
    for size, stride in zip(sizes, strides, strict=True):
        got = [base + i * stride for base in got for i in range(size)]
    # The same walk, by logical index.
    order = {"transpose_copy": (0, 3, 2, 1)}.get(operator[6:20], (0, 3, 1, 2))
    logical = (60, 20, 5, 1)
    expected = [0]
    for dim in order:
        expected = [b + i * logical[dim] for b in expected for i in range((2, 3, 4, 5)[dim])]
    assert [source[i] for i in got] == expected


def test_permute_back_and_forth_in_memory_is_a_copy(planned):
    """NCHW in channels-last memory, permuted to NHWC: the bytes are in order already."""
    draft = copy(
        Draft(), "aten::permute_copy", ([0, 2, 3, 1],), sizes=(1, 2, 3, 4), out=(1, 3, 4, 2),
        orders=(NHWC, None),
    )  # fmt: skip
    (step,) = planned(draft)
    assert step["kernel"] == "memcpy"


def test_copy_refused(refused):
    draft = copy(
        Draft(), CLONE, (False,), (None,), sizes=(1, 2, 3, 4), out=(1, 2, 3, 4), out_dtype="FLOAT",
        orders=(NHWC, None),
    )  # fmt: skip
    assert "it converts int8 to float32 and changes the memory order" in refused(draft)
    draft = copy(
        Draft(), "aten::view_copy", ([4],), sizes=(1, 4), out=(4,), out_dtype="FLOAT"
    )  # fmt: skip
    assert "it converts int8 to float32" in refused(draft)
    draft = copy(Draft(), "aten::permute_copy", ([0, 0],), sizes=(2, 2), out=(2, 2))
    assert "no permutation" in refused(draft)
    draft = copy(Draft(), "aten::permute_copy", ([1, 0],), sizes=(2, 3), out=(2, 3))
    assert "permuted shape" in refused(draft)
    rank = list(range(7, -1, -1))
    draft = copy(Draft(), "aten::permute_copy", (rank,), sizes=(2,) * 8, out=(2,) * 8)
    assert "it walks 8 dimensions that lie apart, the kernel 6" in refused(draft)


def quantize(draft: Draft, scale: float = 0.5, dtype: int = 1, low: int = -128) -> Draft:
    source, target = draft.tensor([2, 3], "FLOAT"), draft.tensor([2, 3])
    numbers = ((scale,), (3,), (low,), (127,), (dtype,))
    draft.call("cortex_m::quantize_per_tensor", source, *numbers, out=target)
    return ends(draft, source, target)


def test_quantize(planned):
    (step,) = planned(quantize(Draft()))
    assert step["parameters"] == {
        "count": 6, "inverse_scale": 2.0, "zero_point": 3, "quant_min": -128, "quant_max": 127
    }  # fmt: skip


@pytest.mark.parametrize("scale", [0.0, -1.0, 1e300])
def test_quantize_with_a_scale_of_nonsense(refused, scale):
    assert "its scale is" in refused(quantize(Draft(), scale))


def test_quantize_refused(refused):
    assert "scalar type 0" in refused(quantize(Draft(), dtype=0))
    assert "range -32768 .. 127" in refused(quantize(Draft(), low=-32768))


def test_unknown_operator(refused):
    draft = Draft()
    source, target = draft.tensor([1, 8]), draft.tensor([1, 8])
    draft.call(
        "cortex_m::unheard_of", source, (1,), out=target,
        node="softmax_node", source="net.py:12 return self.softmax(x)", module="head",
    )  # fmt: skip
    message = refused(ends(draft, source, target))
    assert "instruction 0, cortex_m::unheard_of.out: there is no kernel" in message
    assert "node: softmax_node in module head" in message
    assert "model: net.py:12 return self.softmax(x)" in message
    assert f"tensor: argument 0 %{source}: int8 1x8, dim_order [0,1], arena+0" in message
    assert f"tensor: out %{target}: int8 1x8" in message
    assert "cortex_m::quantized_conv2d," in message
    assert "dim_order_ops::_clone_dim_order," in message


def test_operator_left_in_float(refused):
    draft = Draft()
    source, target = draft.tensor([1, 8], "FLOAT"), draft.tensor([1, 8], "FLOAT")
    draft.call("aten::unheard_of", source, out=target)
    assert "channels_last inputs" in refused(ends(draft, source, target))


def test_other_arguments_than_known(refused):
    draft = quantize(Draft())
    del draft.instructions[0]["instr_args"]["args"][2]
    assert "it has 7 arguments; known are: input, scale" in refused(draft)


def test_empty_tensor(refused):
    draft = Draft()
    source, target = draft.tensor([0, 3], "FLOAT"), draft.tensor([0, 3])
    numbers = ((0.5,), (3,), (-128,), (127,), (1,))
    draft.call("cortex_m::quantize_per_tensor", source, *numbers, out=target)
    assert "is empty" in refused(ends(draft, source, target))
