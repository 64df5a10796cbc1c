// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/quantize.h"
#include "support.h"

void cortex_m_quantize_per_tensor_s16(const float *input,
                                      const cortex_m_quantize_per_tensor_s16_params *params,
                                      int16_t *output) {
  const float inverse_scale = params->inverse_scale;
  for (int32_t i = 0; i < params->count; ++i) {
    output[i] = (int16_t)cortex_m_round(input[i] * inverse_scale, params->zero_point,
                                        params->quant_min, params->quant_max);
  }
}
