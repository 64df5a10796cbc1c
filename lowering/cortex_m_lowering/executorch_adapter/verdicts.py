# SPDX-License-Identifier: Apache-2.0
"""What upstream's quantizer decided about each operator, and why it left one in float."""

from typing import Any

from cortex_m_lowering.executorch_adapter.rejections import explain
from cortex_m_lowering.executorch_adapter.uncovered import advice

_KEY = "cortex_m_lowering.reason"


def note_reasons(graph: Any, reporter: Any) -> None:
    """Note at every operator of an annotated graph why it stays in float, should it do so.

    `reporter` is upstream's, which listened to the annotation. The notes are in `meta["custom"]`,
    which torch.export and the passes hand on to whatever a node becomes.
    """
    rejected = _rejected(reporter)
    constant = _constant_nodes(graph)
    for node in graph.nodes:
        if node.op == "call_function":
            reason = _reason(node, rejected, constant)
            node.meta["custom"] = {**(node.meta.get("custom") or {}), _KEY: reason}


def float_reason(node: Any) -> str:
    """Why `node` of the lowered or emitted graph computes in float."""
    noted = node.meta.get("custom") or {}
    return noted.get(_KEY, "made by a pass of the backend, not by the model")


def _reason(node: Any, rejected: dict[str, str], constant: set[Any]) -> str:
    from torchao.quantization.pt2e.quantizer.quantizer import Q_ANNOTATION_KEY

    if node in constant:
        return (
            "depends on constants only: compute it once, in __init__, and keep the result as a "
            "buffer"
        )
    if Q_ANNOTATION_KEY in node.meta:
        return (
            f"quantized as {_name(node)}, but no pass of ExecuTorch's Cortex-M backend makes an "
            "integer operator of it"
        )
    if node.name in rejected:
        return explain(node, rejected[node.name])
    return _uncovered(node)


def _uncovered(node: Any) -> str:
    from executorch.backends.arm.quantizer.arm_quantizer_utils import SharedQspecQuantizer

    hint = advice(_name(node))
    if node.target in SharedQspecQuantizer.SHARED_QSPEC_OPS_DEFAULT:
        text = (
            f"{_name(node)} takes over the quantization of the operators around it, and none of "
            "those is quantized"
        )
    else:
        text = f"no pattern of ExecuTorch's Cortex-M quantizer covers {_name(node)}"
    return text + (f": {hint}" if hint else "")


def _rejected(reporter: Any) -> dict[str, str]:
    """Upstream's message by node, of the patterns that were found and refused."""
    from executorch.backends.cortex_m.quantizer.pattern_matcher import PatternMatcher

    messages: dict[str, str] = {}
    for report in reporter.quantizers.values():
        # Longer patterns are tried first; the last word is on the shortest.
        for entry in report.rejected_patterns:
            if entry.rejection_reason == PatternMatcher.REJECT_PREVIOUSLY_ANNOTATED:
                continue
            messages[entry.node_names[0]] = entry.rejection_reason
    return messages


def _constant_nodes(graph: Any) -> set[Any]:
    """Operators no input of the model reaches."""
    constant = set()
    for node in graph.nodes:
        if node.op == "get_attr" or (
            node.op == "call_function" and all(arg in constant for arg in node.all_input_nodes)
        ):
            constant.add(node)
    return constant


def _name(node: Any) -> str:
    return str(node.target)
