# SPDX-License-Identifier: Apache-2.0
"""Ways of the kernels in kernels/src/mve."""

from cortex_m_plan.ways import mve_convolution, mve_depthwise, mve_linear

WAYS = {
    "cortex_m_quantized_conv2d_folded": mve_convolution.folded,
    "cortex_m_quantized_conv2d_1x1": mve_convolution.one_by_one,
    "cortex_m_quantized_depthwise_conv2d_3x3": mve_depthwise.three,
    "cortex_m_quantized_depthwise_conv2d_folded": mve_depthwise.folded,
    "cortex_m_quantized_linear_folded": mve_linear.folded,
}
"""By C function, what makes the ways of its parameters."""
