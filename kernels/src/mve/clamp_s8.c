// SPDX-License-Identifier: Apache-2.0
#include <arm_mve.h>

#include "cortex_m/kernels/activation.h"

void cortex_m_clamp_s8(const int8_t *input, const cortex_m_clamp_s8_params *params,
                       int8_t *output) {
  const int8x16_t minimum = vdupq_n_s8((int8_t)params->minimum);
  const int8x16_t maximum = vdupq_n_s8((int8_t)params->maximum);
  for (int32_t left = params->count; left > 0; left -= 16) {
    const mve_pred16_t lanes = vctp8q((uint32_t)left);
    const int8x16_t value = vmaxq_s8(vldrbq_z_s8(input, lanes), minimum);
    vstrbq_p_s8(output, vminq_s8(value, maximum), lanes);
    input += 16;
    output += 16;
  }
}
