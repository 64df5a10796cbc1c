// SPDX-License-Identifier: Apache-2.0
#include <arm_mve.h>

#include "cortex_m/kernels/quantize.h"
#include "../support.h"

/** One by one: as the portable kernel. */
static void quantize_singly(const float *input, const cortex_m_quantize_per_tensor_params *params,
                            int8_t *output) {
  for (int32_t i = 0; i < params->count; ++i) {
    output[i] = cortex_m_round_to_int8(input[i] * params->inverse_scale, params->zero_point,
                                       params->quant_min, params->quant_max);
  }
}

#if (__ARM_FEATURE_MVE & 2) != 0

/** Four outputs. */
static inline int32x4_t quantize(float32x4_t input,
                                 const cortex_m_quantize_per_tensor_params *params) {
  const float32x4_t value = vmulq_n_f32(input, params->inverse_scale);
  // To nearest with ties to even, and saturated.
  int32x4_t result = vqaddq_n_s32(vcvtnq_s32_f32(value), params->zero_point);
  result = vmaxq_s32(result, vdupq_n_s32(params->quant_min));
  result = vminq_s32(result, vdupq_n_s32(params->quant_max));
  return vdupq_m_n_s32(result, 0, vcmpneq_f32(value, value));  // NaN
}

void cortex_m_quantize_per_tensor(const float *input,
                                  const cortex_m_quantize_per_tensor_params *params,
                                  int8_t *output) {
  const cortex_m_quantize_per_tensor_params p = *params;
  // Vectors take subnormal numbers for 0, which with other scales could make a difference.
  if (!(p.inverse_scale >= 0x1p-100f && p.inverse_scale <= 0x1p100f)) {
    quantize_singly(input, params, output);
    return;
  }
  for (int32_t fours = p.count >> 2; fours > 0; --fours) {
    vstrbq_s32(output, quantize(vldrwq_f32(input), &p));
    input += 4;
    output += 4;
  }
  const mve_pred16_t lanes = vctp32q((uint32_t)p.count & 3u);
  vstrbq_p_s32(output, quantize(vldrwq_z_f32(input, lanes), &p), lanes);
}

#else

void cortex_m_quantize_per_tensor(const float *input,
                                  const cortex_m_quantize_per_tensor_params *params,
                                  int8_t *output) {
  quantize_singly(input, params, output);
}

#endif
