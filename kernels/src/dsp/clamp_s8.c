// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/activation.h"
#include "extremum.h"
#include "../support.h"

void cortex_m_clamp_s8(const int8_t *input, const cortex_m_clamp_s8_params *params,
                       int8_t *output) {
  const int8x4_t minimum = cortex_m_four_of(params->minimum);
  const int8x4_t maximum = cortex_m_four_of(params->maximum);
  int32_t left = params->count;
  for (; left >= 4; left -= 4) {
    const int8x4_t raised = cortex_m_maximum_of_four(cortex_m_four_at(input), minimum);
    cortex_m_put_four(output, cortex_m_minimum_of_four(raised, maximum));
    input += 4;
    output += 4;
  }
  for (; left > 0; --left) {
    *output++ = cortex_m_clamp(*input++, 0, params->minimum, params->maximum);
  }
}
