// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/activation.h"
#include "support.h"

void cortex_m_clamp_s8(const int8_t *input, const cortex_m_clamp_s8_params *params,
                       int8_t *output) {
  for (int32_t i = 0; i < params->count; ++i) {
    output[i] = cortex_m_clamp(input[i], 0, params->minimum, params->maximum);
  }
}
