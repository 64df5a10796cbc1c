// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/unary.h"

void cortex_m_abs_s64(const int64_t *input, const cortex_m_abs_s64_params *params,
                      int64_t *output) {
  for (int32_t i = 0; i < params->count; ++i) {
    output[i] = (int64_t)(input[i] < 0 ? 0u - (uint64_t)input[i] : (uint64_t)input[i]);
  }
}

void cortex_m_neg_s64(const int64_t *input, const cortex_m_neg_s64_params *params,
                      int64_t *output) {
  for (int32_t i = 0; i < params->count; ++i) {
    output[i] = (int64_t)(0u - (uint64_t)input[i]);
  }
}

void cortex_m_logical_not_u8(const uint8_t *input, const cortex_m_logical_not_u8_params *params,
                             uint8_t *output) {
  for (int32_t i = 0; i < params->count; ++i) {
    output[i] = input[i] == 0;
  }
}

void cortex_m_clamp_s64(const int64_t *input, const cortex_m_clamp_s64_params *params,
                        int64_t *output) {
  for (int32_t i = 0; i < params->count; ++i) {
    int64_t x = input[i];
    if ((params->unbounded & 1) == 0 && x < params->minimum) {
      x = params->minimum;
    }
    if ((params->unbounded & 2) == 0 && x > params->maximum) {
      x = params->maximum;
    }
    output[i] = x;
  }
}
