// SPDX-License-Identifier: Apache-2.0
#include <arm_mve.h>

#include "cortex_m/kernels/linear.h"
#include "products.h"
#include "requantize.h"
#include "../optimized.h"

void cortex_m_quantized_linear_folded(const int8_t *input, const int8_t *weight,
                                      const int32_t *kernel_sum,
                                      const cortex_m_quantized_linear_params *params,
                                      int8_t *output) {
  const int32_t features = params->in_features;
  const int32_t block = cortex_m_vectors_mve(features) * CORTEX_M_MVE_BLOCK;
  const int32x4_t minimum = vdupq_n_s32(params->activation_min);
  const int32x4_t maximum = vdupq_n_s32(params->activation_max);
  for (int32_t row = 0; row < params->rows; ++row) {
    const int8_t *weights = weight;
    const int32_t *start = kernel_sum;
    int32_t left = params->out_features;
    for (; left > CORTEX_M_MVE_ROWS; left -= 2 * CORTEX_M_MVE_ROWS) {
      const mve_pred16_t lanes = vctp32q((uint32_t)left - CORTEX_M_MVE_ROWS);
      int32x4_t sums = vldrwq_s32(start);
      int32x4_t more = vldrwq_z_s32(start + CORTEX_M_MVE_ROWS, lanes);
      cortex_m_products_of_eight_mve(input, weights, weights + block, features, &sums, &more);
      const int32_t multiplier = params->multiplier;
      const int32_t shift = params->shift;
      const int32_t offset = params->output_offset;
      sums = cortex_m_requantize_right_n_mve(sums, multiplier, shift);
      more = cortex_m_requantize_right_n_mve(more, multiplier, shift);
      sums = vminq_s32(vmaxq_s32(vaddq_n_s32(sums, offset), minimum), maximum);
      more = vminq_s32(vmaxq_s32(vaddq_n_s32(more, offset), minimum), maximum);
      vstrbq_s32(output, sums);
      vstrbq_p_s32(output + CORTEX_M_MVE_ROWS, more, lanes);
      start += 2 * CORTEX_M_MVE_ROWS;
      weights += 2 * block;
      output += 2 * CORTEX_M_MVE_ROWS;
    }
    if (left > 0) {
      const mve_pred16_t lanes = vctp32q((uint32_t)left);
      int32x4_t sums = vldrwq_z_s32(start, lanes);
      sums = cortex_m_products_mve(input, weights, features, sums);
      sums = cortex_m_requantize_right_n_mve(sums, params->multiplier, params->shift);
      sums = vaddq_n_s32(sums, params->output_offset);
      vstrbq_p_s32(output, vminq_s32(vmaxq_s32(sums, minimum), maximum), lanes);
    }
    output += left;  // less than 0 where the last eight were not all there
    input += features;
  }
}
