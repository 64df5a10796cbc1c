// SPDX-License-Identifier: Apache-2.0
#include <arm_mve.h>

#include "cortex_m/kernels/quantize.h"

/** One by one: as the portable kernel. */
static void dequantize_singly(const int8_t *input,
                              const cortex_m_dequantize_per_tensor_params *params, float *output) {
  for (int32_t i = 0; i < params->count; ++i) {
    output[i] = (float)(input[i] - params->zero_point) * params->scale;
  }
}

#if (__ARM_FEATURE_MVE & 2) != 0

void cortex_m_dequantize_per_tensor(const int8_t *input,
                                    const cortex_m_dequantize_per_tensor_params *params,
                                    float *output) {
  const float scale = params->scale;
  const int32_t zero_point = params->zero_point;
  // Vectors take subnormal numbers for 0, and have one NaN only.
  if (!(scale >= 0x1p-126f && scale <= 0x1p119f)) {
    dequantize_singly(input, params, output);
    return;
  }
  for (int32_t left = params->count; left > 0; left -= 4) {
    const mve_pred16_t lanes = vctp32q((uint32_t)left);
    const int32x4_t value = vsubq_n_s32(vldrbq_z_s32(input, lanes), zero_point);
    vstrwq_p_f32(output, vmulq_n_f32(vcvtq_f32_s32(value), scale), lanes);
    input += 4;
    output += 4;
  }
}

#else

void cortex_m_dequantize_per_tensor(const int8_t *input,
                                    const cortex_m_dequantize_per_tensor_params *params,
                                    float *output) {
  dequantize_singly(input, params, output);
}

#endif
