// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/fill.h"

void cortex_m_arange_f32(const cortex_m_arange_f32_params *params, float *output) {
  for (int32_t i = 0; i < params->count; ++i) {
    output[i] = params->start + (float)i * params->step;
  }
}

void cortex_m_arange_s64(const cortex_m_arange_s64_params *params, int64_t *output) {
  for (int32_t i = 0; i < params->count; ++i) {
    output[i] = params->start + (int64_t)i * params->step;
  }
}

void cortex_m_arange_s32(const cortex_m_arange_s32_params *params, int32_t *output) {
  for (int32_t i = 0; i < params->count; ++i) {
    output[i] = params->start + i * params->step;
  }
}
