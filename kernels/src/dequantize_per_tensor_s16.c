// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/quantize.h"

void cortex_m_dequantize_per_tensor_s16(const int16_t *input,
                                        const cortex_m_dequantize_per_tensor_s16_params *params,
                                        float *output) {
  const float scale = params->scale;
  for (int32_t i = 0; i < params->count; ++i) {
    output[i] = (float)(input[i] - params->zero_point) * scale;
  }
}
