# SPDX-License-Identifier: Apache-2.0
"""Which condition of a pattern checker an operator fails.

Upstream's checkers answer yes or no. These look again, each at what its checker looks at, so that
the message can name the tensor or the attribute.
"""

from collections.abc import Callable, Iterator
from typing import Any


def explain(node: Any, message: str) -> str:
    """Why the quantizer refused the pattern that starts at `node`; `message` is upstream's."""
    from executorch.backends.cortex_m.quantizer.pattern_matcher import PatternMatcher

    checker = _checker(node)
    if message == PatternMatcher.REJECT_UNSUPPORTED_PATTERN and checker in _LOOK:
        found = "; ".join(_LOOK[checker](node))
        if found:
            return f"{checker} refuses {node.target}: {found}"
    if message == PatternMatcher.REJECT_LARGE_SCALAR:
        return f"{node.target} has a constant operand too large to be quantized"
    return f"{checker} refuses {node.target}: {message}"


def _checker(node: Any) -> str:
    from executorch.backends.cortex_m.quantizer.quantizer_support import (
        CORTEX_M_QUANTIZER_SUPPORT_DICT,
    )

    checker = CORTEX_M_QUANTIZER_SUPPORT_DICT.get((node.target,))
    return checker.__name__ if checker is not None else "the quantizer"


def _value(node: Any) -> Any:
    from executorch.backends.arm._passes.arm_pass_utils import get_first_fake_tensor

    return get_first_fake_tensor(node)


def _operands(node: Any) -> tuple[Any, Any] | None:
    operands = node.all_input_nodes
    return (_value(operands[0]), _value(operands[1])) if len(operands) == 2 else None


def _shape(tensor: Any) -> str:
    return f"({', '.join(map(str, tensor.shape))})"


def _layout(node: Any) -> Iterator[str]:
    from executorch.backends.cortex_m.passes.passes_utils import is_channels_last

    tensor = _value(node)
    if tensor.ndim != 4:
        yield f"its output {_shape(tensor)} is not of rank 4"
    elif not is_channels_last(tensor):
        yield (
            f"its output {_shape(tensor)} is not channels-last: give the model channels-last "
            "inputs and weights, tensor.to(memory_format=torch.channels_last), and keep to "
            "operators that preserve it"
        )


def _add_or_mul(node: Any) -> Iterator[str]:
    from executorch.backends.cortex_m.passes.passes_utils import (
        is_channel_broadcast,
        is_channels_last,
        is_foldable_alpha,
    )

    alpha = node.kwargs.get("alpha", 1)
    if not is_foldable_alpha(alpha):
        yield f"alpha is {alpha}, only integers can be folded"
    operands = _operands(node)
    if operands is None or operands[0].shape == operands[1].shape:
        return
    if not (is_channel_broadcast(*operands) and is_channels_last(operands[0])):
        yield (
            f"operands of shapes {_shape(operands[0])} and {_shape(operands[1])}: apart from "
            "equal shapes it broadcasts only (1, C, 1, 1) over a channels-last (N, C, H, W)"
            + _constant_hint(operands)
        )


def _constant_hint(operands: tuple[Any, Any]) -> str:
    if min(operand.numel() for operand in operands) > 1:
        return ""
    return "; a number becomes int8 as a buffer of the other operand's shape"


def _division(node: Any) -> Iterator[str]:
    operands = _operands(node)
    if operands is not None and operands[0].shape != operands[1].shape:
        yield (
            f"operands of shapes {_shape(operands[0])} and {_shape(operands[1])}: it divides "
            "tensors of equal shapes only"
        )


def _softmax(node: Any) -> Iterator[str]:
    from executorch.backends.cortex_m.passes.passes_utils import is_channels_last

    tensor = _value(node)
    rank = len(tensor.shape)
    dim = node.args[1] if len(node.args) > 1 else -1
    if is_channels_last(tensor):
        if dim % rank != 1:
            yield f"dim is {dim}; of a channels-last tensor only the channels, dim=1, are possible"
    elif dim % rank != rank - 1:
        yield f"dim is {dim}; of a contiguous tensor only the last dimension is possible"


def _transpose_convolution(node: Any) -> Iterator[str]:
    yield from _layout(node)
    arguments = dict(enumerate(node.args))
    if any(arguments.get(5, ())):
        yield f"output_padding is {tuple(arguments[5])}, only 0 is possible"
    if arguments.get(6, 1) > 1:
        yield f"groups is {arguments[6]}, only 1 is possible"
    if any(step != 1 for step in arguments.get(7, ())):
        yield f"dilation is {tuple(arguments[7])}, only 1 is possible"


def _average_pool(node: Any) -> Iterator[str]:
    if len(node.args) > 6 and node.args[6] is not None:
        yield f"divisor_override is {node.args[6]}, none is possible"


def _batch_matmul(node: Any) -> Iterator[str]:
    left, right = _operands(node) or (None, None)
    if left is not None:
        yield (
            f"operands of shapes {_shape(left)} and {_shape(right)}: both need rank 3, the same "
            "batch and matching inner sizes"
        )


_LOOK: dict[str, Callable[[Any], Iterator[str]]] = {
    "CortexMAddMulCheck": _add_or_mul,
    "CortexMAvgPool2DCheck": _average_pool,
    "CortexMBmmCheck": _batch_matmul,
    "CortexMConv2DCheck": _layout,
    "CortexMConvTranspose2DCheck": _transpose_convolution,
    "CortexMDivCheck": _division,
    "CortexMSoftmaxCheck": _softmax,
}
