// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/linear.h"
#include "dot_four.h"
#include "requantize.h"

void cortex_m_quantized_linear_folded(const int8_t *input, const int8_t *weight,
                                      const int32_t *kernel_sum,
                                      const cortex_m_quantized_linear_params *params,
                                      int8_t *output) {
  const int32_t in_features = params->in_features;
  const cortex_m_output narrow = {2 * params->output_offset + 1, params->activation_min,
                                  params->activation_max};
  cortex_m_channel channel = {0, params->multiplier, ~params->shift};
  for (int32_t row = params->rows; row > 0; --row) {
    const int8_t *filter = weight;
    const int32_t *start = kernel_sum;
    for (int32_t left = params->out_features; left > 0;) {
      int32_t sums[CORTEX_M_SCALAR_LANES];
      if (left >= CORTEX_M_SCALAR_LANES) {
        cortex_m_dot_lanes_scalar(input, filter, in_features, in_features, sums);
        sums[0] += start[0];
        sums[1] += start[1];
        sums[2] += start[2];
        sums[3] += start[3];
        cortex_m_finish_quad(sums, &channel, &narrow, 1, output);
        filter += CORTEX_M_SCALAR_LANES * in_features;
        start += CORTEX_M_SCALAR_LANES;
        output += CORTEX_M_SCALAR_LANES;
        left -= CORTEX_M_SCALAR_LANES;
      } else {
        cortex_m_dot_lanes_scalar(input, filter, 0, in_features, sums);
        *output++ = cortex_m_finish(sums[0] + *start++, &channel, &narrow);
        filter += in_features;
        --left;
      }
    }
    input += in_features;
  }
}
