// SPDX-License-Identifier: Apache-2.0
#include <arm_mve.h>

#include "cortex_m/kernels/activation.h"

void cortex_m_quantized_activation(const int8_t *input, const int8_t *table,
                                   const cortex_m_quantized_activation_params *params,
                                   int8_t *output) {
  for (int32_t left = params->count; left > 0; left -= 16) {
    const mve_pred16_t lanes = vctp8q((uint32_t)left);
    const uint8x16_t index =
        veorq_u8(vreinterpretq_u8_s8(vldrbq_z_s8(input, lanes)), vdupq_n_u8(128));
    vstrbq_p_s8(output, vldrbq_gather_offset_z_s8(table, index, lanes), lanes);
    input += 16;
    output += 16;
  }
}
