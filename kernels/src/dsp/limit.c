// SPDX-License-Identifier: Apache-2.0
#include "requantize.h"

void cortex_m_limit_dsp(int8_t *output, int32_t count, int32_t minimum, int32_t maximum) {
  if (minimum == INT8_MIN && maximum == INT8_MAX) {
    return;
  }
  for (int32_t i = 0; i < count; ++i) {
    output[i] = (int8_t)cortex_m_limit(output[i], minimum, maximum);
  }
}
