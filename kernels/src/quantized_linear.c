// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>

#include "cortex_m/kernels/linear.h"
#include "dot.h"
#include "support.h"

static inline int32_t sum_of(const int8_t *input, int32_t count) {
  int32_t sum = 0;
  for (int32_t i = 0; i < count; ++i) {
    sum += input[i];
  }
  return sum;
}

/** The products and the other terms of the kernel_sum form, whose sum does not wrap. */
static int32_t requantize_with_kernel_sum(int32_t products, int64_t rest,
                                          const cortex_m_quantized_linear_params *params) {
  const int64_t sum = products + rest;
  if (sum == (int32_t)sum) {
    return cortex_m_requantize((int32_t)sum, params->multiplier, params->shift);
  }
  return cortex_m_requantize_wide(sum, params->multiplier, params->shift);
}

void cortex_m_quantized_linear(const int8_t *input, const int8_t *weight, const int32_t *bias,
                               const int32_t *kernel_sum,
                               const cortex_m_quantized_linear_params *params, int8_t *output) {
  const int32_t in_features = params->in_features;
  // The kernel sum contains what the input's offset contributes.
  const int32_t input_offset = kernel_sum != NULL ? 0 : params->input_offset;
  const cortex_m_dot_shape run = cortex_m_dot_run(in_features, in_features, input_offset);
  for (int32_t row = 0; row < params->rows; ++row) {
    // (x + a) * (w + b) = (x + a) * w + (x + a) * b: the last does not depend on the output.
    int32_t row_sum = 0;
    if (params->filter_offset != 0) {
      row_sum = sum_of(input, in_features) + in_features * input_offset;
    }
    const int8_t *filter = weight;
    int32_t feature = 0;
    while (feature < params->out_features) {
      uint32_t sums[CORTEX_M_LANES] = {0};
      int32_t lanes = 1;
      if (params->out_features - feature >= CORTEX_M_LANES) {
        lanes = CORTEX_M_LANES;
        cortex_m_dot_lanes(input, filter, &run, sums);
      } else {
        sums[0] = cortex_m_dot(input, filter, &run, 0);
      }
      filter += lanes * in_features;
      for (int32_t lane = 0; lane < lanes; ++lane) {
        int32_t scaled;
        if (kernel_sum != NULL) {
          const int64_t rest = (int64_t)row_sum * params->filter_offset + kernel_sum[feature];
          scaled = requantize_with_kernel_sum((int32_t)sums[lane], rest, params);
        } else {
          uint32_t sum = sums[lane] + (uint32_t)row_sum * (uint32_t)params->filter_offset;
          if (bias != NULL) {
            sum += (uint32_t)bias[feature];
          }
          scaled = cortex_m_requantize((int32_t)sum, params->multiplier, params->shift);
        }
        *output++ = cortex_m_clamp(scaled, params->output_offset, params->activation_min,
                                   params->activation_max);
        ++feature;
      }
    }
    input += in_features;
  }
}
