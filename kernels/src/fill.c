// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/fill.h"

#include <stddef.h>
#include <string.h>

void cortex_m_fill(const cortex_m_fill_params *params, void *output) {
  const int32_t value[2] = {params->value_low, params->value_high};
  uint8_t *target = output;
  if (params->element_bytes == 1) {
    memset(target, params->value_low, (size_t)params->count);
    return;
  }
  for (int32_t i = 0; i < params->count; ++i) {
    memcpy(target, value, (size_t)params->element_bytes);
    target += params->element_bytes;
  }
}
