// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/div.h"
#include "rows.h"
#include "support.h"

void cortex_m_quantized_div_s16(const int16_t *self, const int16_t *other,
                                const cortex_m_quantized_div_s16_params *params, int16_t *output) {
  const int32_t self_step = cortex_m_self_step(&params->shape);
  const int32_t other_step = cortex_m_other_step(&params->shape);
  cortex_m_row row = {0};
  do {
    const int16_t *dividend = self + row.self;
    const int16_t *divisor = other + row.other;
    for (int32_t left = cortex_m_row_count(&params->shape); left > 0; --left) {
      const int32_t by = *divisor - params->other_zero_point;
      float quotient = 0.0f;
      if (by != 0) {
        quotient = (float)(*dividend - params->self_zero_point) / (float)by;
      }
      *output++ = (int16_t)cortex_m_round(quotient * params->output_scale, params->output_zero_point,
                                         INT16_MIN, INT16_MAX);
      dividend += self_step;
      divisor += other_step;
    }
  } while (cortex_m_next_row(&params->shape, &row));
}
