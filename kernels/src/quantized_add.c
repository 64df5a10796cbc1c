// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/add.h"
#include "support.h"

/** Fraction bits an operand gains before it is scaled (the reference's SHIFT_INT8). */
#define FRACTION_BITS 20

static inline int32_t rescale(int8_t value, int32_t zero_point, int32_t multiplier,
                              int32_t shift) {
  const int32_t shifted = cortex_m_wrapping_multiply(value - zero_point, 1 << FRACTION_BITS);
  return cortex_m_requantize(shifted, multiplier, shift);
}

void cortex_m_quantized_add(const int8_t *self, const int8_t *other,
                            const cortex_m_quantized_add_params *params, int8_t *output) {
  int32_t self_index = 0;
  int32_t other_index = 0;
  for (int32_t i = 0; i < params->count; ++i) {
    const int32_t a = rescale(self[self_index], params->self_zero_point, params->self_multiplier,
                              params->self_shift);
    const int32_t b = rescale(other[other_index], params->other_zero_point,
                              params->other_multiplier, params->other_shift);
    const int32_t sum = cortex_m_requantize(cortex_m_wrapping_add(a, b), params->output_multiplier,
                                            params->output_shift);
    output[i] = cortex_m_clamp(sum, params->output_zero_point, params->activation_min,
                               params->activation_max);
    if (++self_index == params->self_count) {
      self_index = 0;
    }
    if (++other_index == params->other_count) {
      other_index = 0;
    }
  }
}
