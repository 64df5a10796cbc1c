// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/activation.h"
#include "support.h"

void cortex_m_clamp_s8(const int8_t *input, const cortex_m_clamp_s8_params *params,
                       int8_t *output) {
  const cortex_m_clamp_s8_params p = *params;  // an int8 may alias them
  for (int32_t i = 0; i < p.count; ++i) {
    output[i] = cortex_m_clamp(input[i], 0, p.minimum, p.maximum);
  }
}
