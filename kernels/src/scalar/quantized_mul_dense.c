// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/mul.h"
#include "requantize.h"

void cortex_m_quantized_mul_dense(const int8_t *self, const int8_t *other,
                                  const cortex_m_quantized_mul_params *params, int8_t *output) {
  const int32_t self_zero_point = params->self_zero_point;
  const int32_t other_zero_point = params->other_zero_point;
  const cortex_m_channel product = {0, params->output_multiplier, ~params->output_shift};
  const cortex_m_output narrow = {2 * params->output_zero_point + 1, INT8_MIN, INT8_MAX};
  int32_t left = params->shape.output_dims[0];
  for (; left >= 4; left -= 4) {
    const int32_t products[4] = {
        (self[0] - self_zero_point) * (other[0] - other_zero_point),
        (self[1] - self_zero_point) * (other[1] - other_zero_point),
        (self[2] - self_zero_point) * (other[2] - other_zero_point),
        (self[3] - self_zero_point) * (other[3] - other_zero_point),
    };
    cortex_m_finish_quad(products, &product, &narrow, 1, output);
    self += 4;
    other += 4;
    output += 4;
  }
  for (; left > 0; --left) {
    const int32_t value = (*self++ - self_zero_point) * (*other++ - other_zero_point);
    *output++ = cortex_m_finish(value, &product, &narrow);
  }
}
