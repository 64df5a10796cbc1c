# SPDX-License-Identifier: Apache-2.0
"""Operators that move or convert data and compute nothing: the one list of them."""

_CONVERSIONS = frozenset(
    f"quantized_decomposed::{direction}_{kind}"
    for direction in ("quantize", "dequantize")
    for kind in ("per_tensor", "per_channel")
)

_MOVES = frozenset(
    {
        "dim_order_ops::_clone_dim_order",
        "dim_order_ops::_empty_dim_order",
        "executorch_prim::et_view",
    }
    | {
        f"aten::{name}"
        for name in (
            "alias_copy",
            "as_strided_copy",
            "cat",
            "clone",
            "constant_pad_nd",
            "copy",
            "detach_copy",
            "diagonal_copy",
            "embedding",
            "empty",
            "expand_copy",
            "flip",
            "full",
            "full_like",
            "gather",
            "index",
            "index_put",
            "index_select",
            "narrow_copy",
            "permute_copy",
            "pixel_shuffle",
            "pixel_unshuffle",
            "repeat",
            "repeat_interleave",
            "roll",
            "scalar_tensor",
            "scatter",
            "select_copy",
            "select_scatter",
            "slice_copy",
            "slice_scatter",
            "split_copy",
            "split_with_sizes_copy",
            "squeeze_copy",
            "stack",
            "t_copy",
            "transpose_copy",
            "unbind_copy",
            "unfold_copy",
            "unsqueeze_copy",
            "view_copy",
        )
    }
)

# Copies unless they change the element type.
_CASTS = frozenset({"aten::_to_copy", "dim_order_ops::_to_dim_order_copy"})


def only_moves(operator: str, dtypes: list[str]) -> bool:
    """Whether an operator leaves every value as it is, up to quantization.

    `dtypes` are the element types of its tensor arguments, the outputs among them.
    """
    if operator in _CASTS:
        return len(set(dtypes)) == 1
    return operator in _MOVES or operator in _CONVERSIONS
