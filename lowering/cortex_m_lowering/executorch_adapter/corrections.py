# SPDX-License-Identifier: Apache-2.0
"""Corrections to upstream passes (ExecuTorch 1.5.1) that would give wrong results.

Each class says what goes wrong without it; drop it when upstream's own pass gets it right.
"""


def corrected(passes: list[type]) -> list[type]:
    """Upstream's pass list with the corrected passes in place of the original ones."""
    from executorch.backends.cortex_m.passes.activation_fusion_pass import ActivationFusionPass
    from executorch.backends.cortex_m.passes.quantized_clamp_activation_pass import (
        QuantizedClampActivationPass,
    )

    replacements = {
        ActivationFusionPass: _fusion_pass,
        QuantizedClampActivationPass: _clamp_pass,
    }
    return [replacements[entry]() if entry in replacements else entry for entry in passes]


def _fusion_pass() -> type:
    from executorch.backends.cortex_m.passes.activation_fusion_pass import ActivationFusionPass
    from executorch.backends.cortex_m.passes.passes_utils import (
        get_activation_bounds,
        quantize_val,
    )

    class FusionWithBounds(ActivationFusionPass):
        """Fuses a clamp whose bounds lie inside the int8 range, e.g. clamp(0.25, 1).

        Upstream fuses only if the bounds are the ends of the range and otherwise leaves the
        operator in front without output parameters, to be computed in nonsense types.
        Clamping the requantized value to the quantized bounds is exact.
        """

        def _get_validated_qparams(self, node, input_node):
            fused = super()._get_validated_qparams(node, input_node)
            outputs = node.meta.get("output_qparams") or {}
            bounds = get_activation_bounds(node)
            if fused is not None or "input_qparams" not in input_node.meta or 0 not in outputs:
                return fused
            parameters = outputs[0]._asdict()
            per_tensor = isinstance(parameters["scale"], float)
            if bounds is None or not per_tensor or _is_hardsigmoid(node):
                return None
            limits = (parameters["qmin"], parameters["qmax"])
            for key, bound in zip(("qmin", "qmax"), bounds, strict=True):
                if bound is not None:
                    value = quantize_val(bound, parameters["scale"], parameters["zp"], *limits)
                    parameters[key] = int(value)
            return parameters

    return FusionWithBounds


def _clamp_pass() -> type:
    import torch
    from executorch.backends.cortex_m.passes.quantized_clamp_activation_pass import (
        QuantizedClampActivationPass,
    )

    class ClampByQuantizationParameters(QuantizedClampActivationPass):
        """Decides by the folded quantization parameters instead of the traced dtype.

        After folding, a linear or convolution in front traces as int32, so upstream leaves
        a relu behind it alone when it cannot be fused, e.g. because the linear has a second
        user: the relu then clamps raw int8 values at 0 instead of at the zero point.
        """

        def _is_quantized_int8_activation(self, node):
            inputs = node.meta.get("input_qparams") or {}
            outputs = node.meta.get("output_qparams") or {}
            if 0 not in inputs or 0 not in outputs or outputs[0].dtype != torch.int8:
                return False
            if inputs[0] != outputs[0]:
                raise RuntimeError(
                    f"{node.target} has another scale or zero point at its output than at its "
                    "input, which an int8 clamp cannot express"
                )
            return True

    return ClampByQuantizationParameters


def _is_hardsigmoid(node) -> bool:
    from executorch.exir.dialects._ops import ops

    return node.target is ops.edge.aten.hardsigmoid.default
