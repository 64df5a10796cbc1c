# SPDX-License-Identifier: Apache-2.0
"""The operators of PyTorch that quantized models leave behind: what becomes of one instruction."""

import re
from typing import Any

import pytest
from support import NHWC, Draft, contiguous

FLOAT = "FLOAT"


class Program:
    """One instruction over inputs of given shapes."""

    def __init__(self, operator: str, *arguments: Any, out: Any):
        """Arguments are (sizes, dtype, order) of a tensor as a list, or a literal in a tuple."""
        self.draft = Draft()
        self.inputs: list[int] = []
        values = [self._argument(argument) for argument in arguments]
        outs = [self._tensor(item) for item in (out if isinstance(out, list) else [out])]
        self.draft.outputs = outs[:1]
        self.draft.inputs = self.inputs or [self._tensor(("f", 1))]
        ends = outs[0] if not isinstance(out, list) else tuple(outs)
        self.draft.call(operator, *values, out=ends)

    def _tensor(self, item: tuple) -> int:
        kinds = {
            "f": FLOAT,
            "i": "LONG",
            "w": "INT",
            "c": "CHAR",
            "b": "BOOL",
            "n": FLOAT,
            "l": "LONG",
        }
        letter, *sizes = item
        order = NHWC if letter in "nl" else contiguous(sizes)
        return self.draft.tensor(sizes, kinds[letter], order)

    def _argument(self, item: Any) -> Any:
        if isinstance(item, list):  # of tensors
            return self.draft.tensors(
                [None if one is None else self._argument(one) for one in item]
            )
        if isinstance(item, tuple) and item and isinstance(item[0], str) and len(item[0]) == 1:
            self.inputs.append(self._tensor(item))
            return self.inputs[-1]
        return item


def one(planned, *arguments: Any, **more: Any) -> dict[str, Any]:
    (step,) = planned(Program(*arguments, **more).draft)
    return step


NONE = (None,)
YES, NO = (True,), (False,)


@pytest.mark.parametrize(
    ("arguments", "out", "kernel"),
    [
        (("aten::add", ("f", 2, 3), ("f", 2, 3), (1,)), ("f", 2, 3), "add_f32"),
        (("aten::add.Scalar_out", ("f", 2, 3), (1.5,), (1,)), ("f", 2, 3), "add_f32"),
        (("aten::sub", ("i", 2, 3), ("i", 3), (2,)), ("i", 2, 3), "sub_s64"),
        (("aten::rsub.Scalar_out", ("w", 2, 3), (1,), (1,)), ("w", 2, 3), "sub_s32"),
        (("aten::mul", ("f", 2, 3), ("f",)), ("f", 2, 3), "mul_f32"),
        (("aten::div.Scalar_out", ("f", 2, 3), (3,)), ("f", 2, 3), "div_f32"),
        (("aten::minimum", ("f", 2, 3), ("f", 2, 3)), ("f", 2, 3), "minimum_f32"),
        (("aten::maximum", ("i", 2, 3), ("i", 2, 3)), ("i", 2, 3), "maximum_s64"),
        (("aten::minimum", ("c", 2, 3), ("c",)), ("c", 2, 3), "minimum"),
        (("aten::maximum", ("w", 2, 3), ("w", 3)), ("w", 2, 3), "maximum_s32"),
        (("aten::gt.Scalar_out", ("f", 2, 3), (0.5,)), ("b", 2, 3), "gt_f32"),
        (("aten::eq.Tensor_out", ("i", 2, 3), ("i", 2, 1)), ("b", 2, 3), "eq_s64"),
        (("aten::fmod.Scalar_out", ("i", 3), (6,)), ("i", 3), "fmod_s64"),
        (("aten::logical_and", ("b", 2), ("b", 2)), ("b", 2), "logical_and_u8"),
        (("aten::bitwise_or.Tensor_out", ("b", 2), ("b", 2)), ("b", 2), "logical_or_u8"),
        (("aten::logical_not", ("b", 2)), ("b", 2), "logical_not_u8"),
        (("aten::pow.Tensor_Scalar_out", ("f", 2), (2,)), ("f", 2), "mul_f32"),
        (("aten::pow.Tensor_Scalar_out", ("f", 2), (3.0,)), ("f", 2), "cube_f32"),
        (("aten::pow.Tensor_Scalar_out", ("f", 2), (0.5,)), ("f", 2), "sqrt_f32"),
        (("aten::pow.Tensor_Scalar_out", ("f", 2), (2.5,)), ("f", 2), "pow_f32"),
        (("aten::pow.Scalar_out", (2,), ("f", 2)), ("f", 2), "pow_f32"),
        (("aten::where.self_out", ("b", 2, 1), ("f", 1, 3), ("f",)), ("f", 2, 3), "where"),
        (("aten::sigmoid", ("n", 1, 2, 3, 4)), ("n", 1, 2, 3, 4), "sigmoid_f32"),
        (("aten::neg", ("i", 4)), ("i", 4), "neg_s64"),
        (("aten::gelu", ("f", 4), ("none",)), ("f", 4), "gelu_f32"),
        (("aten::gelu", ("f", 4), ("tanh",)), ("f", 4), "gelu_tanh_f32"),
        (("aten::leaky_relu", ("f", 4), (0.1,)), ("f", 4), "leaky_relu_f32"),
        (("aten::elu", ("f", 4), (1.0,), (1,), (1,)), ("f", 4), "elu_f32"),
        (("aten::clamp", ("f", 4), (0,), NONE), ("f", 4), "clamp_f32"),
        (("aten::clamp", ("i", 4), NONE, (2,)), ("i", 4), "clamp_s64"),
        (("aten::hardtanh", ("f", 4), (-1,), (1,)), ("f", 4), "clamp_f32"),
        (("aten::full", ([2, 3],), (1.5,)), ("f", 2, 3), "fill"),
        (("aten::zeros", ([2, 3],)), ("i", 2, 3), "fill"),
        (("aten::scalar_tensor", (True,)), ("b",), "fill"),
        (("aten::arange.start_out", (2,), (8,), (3,)), ("i", 2), "arange_s64"),
        (("aten::arange", (3,)), ("f", 3), "arange_f32"),
        (("aten::mean", ("n", 1, 2, 3, 4), ([-1, -2],), YES, NONE), ("f", 1, 2, 1, 1), "mean_f32"),
        (("aten::sum.IntList_out", ("f", 2, 3), ([0],), NO, NONE), ("f", 3), "sum_f32"),
        (("aten::amax", ("f", 2, 3), ([],), NO), ("f",), "amax_f32"),
        (("aten::argmax", ("f", 2, 3), NONE, NO), ("i",), "argmax_f32"),
        (("aten::_softmax", ("f", 2, 3), (-1,), NO), ("f", 2, 3), "softmax_f32"),
        (("aten::_log_softmax", ("n", 1, 2, 3, 4), (1,), NO), ("n", 1, 2, 3, 4), "log_softmax_f32"),
        (("aten::linear", ("f", 2, 5, 3), ("f", 4, 3), ("f", 4)), ("f", 2, 5, 4), "matmul_f32"),
        (("aten::mm", ("f", 2, 3), ("f", 3, 4)), ("f", 2, 4), "matmul_f32"),
        (("aten::bmm", ("f", 5, 2, 3), ("f", 5, 3, 4)), ("f", 5, 2, 4), "matmul_f32"),
        (("aten::addmm", ("f", 4), ("f", 2, 3), ("f", 3, 4), (1,), (1,)), ("f", 2, 4),
         "matmul_f32"),
        (("aten::index_select", ("n", 1, 5, 3, 4), (1,), ("i", 2)), ("n", 1, 2, 3, 4), "index"),
        (("aten::embedding", ("f", 7, 4), ("w", 2, 3), (-1,), NO, NO), ("f", 2, 3, 4), "index"),
        (("aten::index.Tensor_out", ("c", 2, 5, 6), [None, ("i", 3, 1), ("i", 4)]),
         ("c", 2, 3, 4), "index"),
        (("aten::expand_copy", ("f", 1, 3), ([2, 3],), NO), ("f", 2, 3), "permute_copy"),
        (("aten::repeat", ("f", 2, 3), ([2, 2, 3],)), ("f", 2, 4, 9), "permute_copy"),
        (("aten::flip", ("f", 2, 3), ([1],)), ("f", 2, 3), "permute_copy"),
        (("aten::as_strided_copy", ("f", 2, 6), ([2, 2],), ([1, 6],), (3,)), ("f", 2, 2),
         "permute_copy"),
        (("dim_order_ops::_to_dim_order_copy", ("i",), NO, ([],)), ("f",), "convert"),
        (("aten::upsample_nearest2d.vec_out", ("n", 1, 2, 3, 4), ([6, 8],), NONE),
         ("n", 1, 2, 6, 8), "upsample_nearest2d"),
        (("aten::upsample_bilinear2d.vec_out", ("f", 1, 2, 3, 4), ([6, 9],), NO, NONE),
         ("f", 1, 2, 6, 9), "upsample_bilinear2d_f32"),
        (("aten::_adaptive_avg_pool2d", ("f", 1, 2, 7, 7), ([3, 1],)), ("f", 1, 2, 3, 1),
         "adaptive_avg_pool2d_f32"),
        (("aten::avg_pool2d", ("n", 1, 2, 6, 7), ([2, 2],), ([],), ([0, 0],), NO, YES, NONE),
         ("f", 1, 2, 3, 3), "avg_pool2d_f32"),
    ],
)  # fmt: skip
def test_kernel(planned, arguments, out, kernel):
    assert one(planned, *arguments, out=out)["kernel"] == f"cortex_m_{kernel}"


def test_a_number_is_in_the_parameters(planned, tmp_path):
    step = one(planned, "aten::add.Scalar_out", ("f", 2, 3), (1.5,), (2,), out=("f", 2, 3))
    shape, alpha, scalar = (step["parameters"][name] for name in ("shape", "alpha", "scalar"))
    assert (alpha, scalar) == (2.0, 1.5)
    assert shape == [1, [6, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]]
    source = (tmp_path / "out" / "m_plan.c").read_text()
    assert re.search(r"NULL, +// other", source)
    assert ".scalar = 1.5f" in source


def test_numbers_of_float_tensors_may_be_integers(planned):
    step = one(planned, "aten::lt.Scalar_out", ("f", 3), (0,), out=("b", 3))
    assert step["parameters"]["scalar"] == 0.0


def test_full_of_minus_infinity(planned):
    step = one(planned, "aten::full", ([2],), (float("-inf"),), out=("f", 2))
    assert step["parameters"]["value_low"] & 0xFFFFFFFF == 0xFF800000


def test_reduction_strides(planned):
    """Height and width of a channels-last image: the channels stay, in their order."""
    step = one(
        planned, "aten::mean", ("n", 2, 5, 3, 4), ([2, 3],), NO, NONE, out=("f", 2, 5)
    )  # fmt: skip
    parameters = step["parameters"]
    assert (parameters["kept"], parameters["kept_dims"][:2]) == (2, [2, 5])
    assert parameters["kept_strides"][:2] == [60, 1]
    assert (parameters["reduced"], parameters["reduced_dims"][0]) == (1, 12)
    assert parameters["reduced_strides"][0] == 5


def test_several_outputs(planned):
    step = one(
        planned, "aten::max_pool2d_with_indices",
        ("n", 1, 2, 6, 7), ([2, 2],), ([],), ([0, 0],), ([1, 1],), NO,
        out=[("n", 1, 2, 3, 3), ("l", 1, 2, 3, 3)],
    )  # fmt: skip
    assert step["kernel"] == "cortex_m_max_pool2d_f32"
    assert step["parameters"]["input_strides"] == [84, 14, 2, 1]
    assert step["parameters"]["output_strides"] == [18, 6, 2, 1]


def test_pool_of_int8_with_indices(planned):
    step = one(
        planned, "aten::max_pool2d_with_indices",
        ("c", 1, 2, 6, 7), ([2],), ([],), ([0],), ([1, 1],), NO,
        out=[("c", 1, 2, 3, 3), ("i", 1, 2, 3, 3)],
    )  # fmt: skip
    assert step["kernel"] == "cortex_m_max_pool2d_s8"


def test_outputs_without_elements_are_not_written(planned):
    step = one(
        planned, "aten::_native_batch_norm_legit_no_training",
        ("f", 2, 3, 4), NONE, ("f", 3), ("f", 3), ("f", 3), (0.1,), (1e-5,),
        out=[("f", 2, 3, 4), ("f", 0), ("f", 0)],
    )  # fmt: skip
    assert step["kernel"] == "cortex_m_batch_norm_f32"
    assert [step["parameters"][name] for name in ("outer", "channels", "inner")] == [2, 3, 4]


def test_layer_norm(planned):
    step = one(
        planned, "aten::native_layer_norm", ("f", 2, 3, 8), ([8],), ("f", 8), NONE, (1e-5,),
        out=[("f", 2, 3, 8), ("f", 2, 3, 1), ("f", 2, 3, 1)],
    )  # fmt: skip
    assert step["parameters"]["groups"] == 6
    assert (step["parameters"]["channels"], step["parameters"]["repeats"]) == (8, 1)


@pytest.mark.parametrize(
    ("kind", "transposed", "strides"),
    [
        ("f", False, ([90, 6, 1, 30], [18, 3, 1, 9], [96, 6, 1, 24])),
        ("n", False, ([90, 18, 3, 1], [18, 3, 1, 9], [96, 24, 4, 1])),
    ],
)
def test_convolution_in_any_memory_order(planned, kind, transposed, strides):
    step = one(
        planned, "aten::convolution",
        (kind, 1, 3, 5, 6), ("f", 4, 3, 3, 3), NONE, ([1, 1],), ([1, 1],), ([1, 1],), (transposed,),
        ([0, 0],), (1,),
        out=(kind, 1, 4, 5, 6),
    )  # fmt: skip
    parameters = step["parameters"]
    assert step["kernel"] == "cortex_m_conv_f32"
    assert parameters["input_strides"] == strides[0]
    assert parameters["weight_strides"] == [27, 3, 1, 9]
    assert parameters["output_strides"][3] == (1 if kind == "n" else 30)


def test_convolution_of_a_row(planned):
    step = one(
        planned, "aten::convolution",
        ("f", 1, 4, 16), ("f", 8, 2, 5), ("f", 8), ([2],), ([2],), ([1],), NO, ([0],), (2,),
        out=("f", 1, 8, 8),
    )  # fmt: skip
    parameters = step["parameters"]
    assert (parameters["input_h"], parameters["kernel_h"], parameters["output_h"]) == (1, 1, 1)
    assert (parameters["stride_h"], parameters["stride_w"], parameters["pad_h"]) == (1, 2, 0)
    assert (parameters["input_channels"], parameters["output_channels"]) == (2, 4)
    assert step["macs"] == (8 * 8) * (5 * 2)


def test_transposed_convolution(planned):
    step = one(
        planned, "aten::convolution",
        ("f", 1, 6, 3, 3), ("f", 6, 2, 3, 3), NONE, ([2, 2],), ([1, 1],), ([1, 1],), YES,
        ([1, 1],), (3,),
        out=("f", 1, 6, 6, 6),
    )  # fmt: skip
    parameters = step["parameters"]
    assert step["kernel"] == "cortex_m_conv_transpose_f32"
    assert (parameters["input_channels"], parameters["output_channels"]) == (2, 2)
    assert parameters["weight_strides"] == [9, 3, 1, 18]
    assert step["macs"] == (6 * 3 * 3) * (3 * 3 * 2)


def test_padding_is_a_fill_and_a_copy(planned):
    steps = planned(
        Program("aten::constant_pad_nd", ("f", 2, 3), ([1, 2, -1, 0],), (-1.0,), out=("f", 1, 6))
        .draft
    )  # fmt: skip
    assert [step["kernel"] for step in steps] == ["cortex_m_fill", "memcpy"]
    assert [step["part"] for step in steps] == [0, 1]


def test_scales_of_upsampling(planned):
    """PyTorch treats doubling apart, whatever the factor is that led to it."""
    step = one(
        planned, "aten::upsample_nearest2d.vec_out", ("f", 1, 1, 3, 4), ([6, 12],), NONE,
        out=("f", 1, 1, 6, 12),
    )  # fmt: skip
    assert step["parameters"]["scale_h"] == 0.5
    assert abs(step["parameters"]["scale_w"] - 1 / 3) < 1e-7


@pytest.mark.parametrize(
    ("arguments", "out", "message"),
    [
        (("aten::add", ("c", 4), ("c", 4), (1,)), ("c", 4), "it computes in int8, the kernels in"),
        (("aten::add", ("f", 4), ("i", 4), (1,)), ("f", 4), "other is int64"),
        (("aten::add", ("f", 2, 3), ("f", 4), (1,)), ("f", 2, 3), "do not give 2x3"),
        (("aten::add", ("i", 4), ("i", 4), (0.5,)), ("i", 4), "0.5 is no int64"),
        (("aten::exp", ("c", 4)), ("c", 4), "input is int8, the kernel takes float32"),
        (("aten::exp", ("n", 1, 2, 3, 4)), ("f", 1, 2, 3, 4), "lies differently in memory"),
        (("aten::gelu", ("f", 4), ("fast",)), ("f", 4), "its approximation is 'fast'"),
        (("aten::where.self_out", ("f", 4), ("f", 4), ("f", 4)), ("f", 4), "condition is float32"),
        (("aten::full", ([2],), (300,)), ("c", 2), "its value 300 is none of int8"),
        (("aten::mean", ("f", 2, 3), ([2],), NO, NONE), ("f", 2), "has no dimension 2"),
        (("aten::mean", ("f", 2, 3), ([1],), NO, NONE), ("f", 3), "the output is 3, not 2"),
        (("aten::mm", ("f", 2, 3), ("f", 4, 5)), ("f", 2, 5), "do not fit the output"),
        (("aten::linear", ("n", 1, 2, 3, 4), ("f", 5, 4), NONE), ("f", 1, 2, 3, 5),
         "not contiguous"),
        (("aten::cat", [("f", 2, 3), ("f", 2, 4)], (0,)), ("f", 4, 3), "2x4 is no part of 4x3"),
        (("aten::cat", [("f", 2, 3), ("c", 2, 3)], (0,)), ("f", 4, 3),
         "it converts int8 to float32"),
        (("aten::select_copy.int_out", ("f", 2, 3), (0,), (2,)), ("f", 3), "place 2 of 2x3"),
        (("aten::slice_copy.Tensor_out", ("f", 4), (0,), (1,), (3,), (1,)), ("f", 3),
         "do not give 3"),
        (("aten::as_strided_copy", ("f", 4), ([2, 3],), ([2, 1],), NONE), ("f", 2, 3),
         "reach beyond the input"),
        (("aten::index.Tensor_out", ("f", 4), [("b", 4)]), ("f", 4), "not all int64"),
        (("aten::index.Tensor_out", ("f", 4, 4, 4), [("i", 2), None, ("i", 2)]), ("f", 2, 4),
         "it indexes dimensions [0, 2]"),
        (("aten::expand_copy", ("f", 2, 3), ([4, 3],), NO), ("f", 4, 3), "cannot be expanded"),
        (("aten::constant_pad_nd", ("f", 2), ([1, 1],), (0,)), ("f", 5), "is not 5"),
        (("aten::convolution", ("f", 1, 3, 5), ("f", 4, 2, 3), NONE, ([1],), ([0],), ([1],), NO,
          ([0],), (1,)), ("f", 1, 4, 3), "does not give"),
        (("aten::convolution", ("f", 1, 2, 3, 4, 5), ("f", 1, 2, 1, 1, 1), NONE, ([1, 1, 1],),
          ([0, 0, 0],), ([1, 1, 1],), NO, ([0, 0, 0],), (1,)), ("f", 1, 1, 3, 4, 5),
         "it convolves a tensor of 5 dimensions"),
    ],
)  # fmt: skip
def test_refused(refused, arguments, out, message):
    assert message in refused(Program(*arguments, out=out).draft)


def test_a_list_of_outputs_that_is_not_repeated(refused):
    draft = Draft()
    source = draft.tensor([2, 8])
    parts = [draft.tensor([2, 4]), draft.tensor([2, 4])]
    draft.call("aten::split_copy.Tensor_out", source, (4,), (1,), out=parts)
    draft.inputs, draft.outputs = [source], parts[:1]
    arguments = draft.instructions[0]["instr_args"]["args"]
    arguments[-1] = draft.tensors(parts[::-1])
    assert "and the result" in refused(draft)


def test_a_view_that_is_an_instruction(planned):
    draft = Draft()
    source, target = draft.tensor([2, 8]), draft.tensor([16])
    draft.call("executorch_prim::et_view.default", source, ([16],), out=target)
    draft.instructions[0]["instr_args"]["args"].pop()  # its result is no argument
    draft.inputs, draft.outputs = [source], [target]
    (step,) = planned(draft)
    assert step["kernel"] == "memcpy"
