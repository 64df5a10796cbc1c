// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/mul.h"
#include "halves.h"
#include "requantize.h"

// One SMULBB and one SMULTT, for which arm_acle.h has no functions.
static inline int32_t multiply_bottom(int16x2_t a, int16x2_t b) { return (int16_t)a * (int16_t)b; }
static inline int32_t multiply_top(int16x2_t a, int16x2_t b) { return (a >> 16) * (b >> 16); }

void cortex_m_quantized_mul_dense(const int8_t *self, const int8_t *other,
                                  const cortex_m_quantized_mul_params *params, int8_t *output) {
  const cortex_m_requantization_dsp to = cortex_m_requantization(
      params->output_multiplier, params->output_shift, 2 * params->output_zero_point + 1);
  const int16x2_t self_offsets = cortex_m_halves(-params->self_zero_point);
  const int16x2_t other_offsets = cortex_m_halves(-params->other_zero_point);
  int32_t left = params->shape.output_dims[0];
  for (; left >= 4; left -= 4) {
    const int8x4_t self_four = cortex_m_four_at(self);
    const int8x4_t other_four = cortex_m_four_at(other);
    int16x2_t even = cortex_m_even_plus(self_offsets, self_four);
    int16x2_t odd = cortex_m_odd_plus(self_offsets, self_four);
    // Requantization takes the products doubled.
    even = __sadd16(even, even);
    odd = __sadd16(odd, odd);
    const int16x2_t other_even = cortex_m_even_plus(other_offsets, other_four);
    const int16x2_t other_odd = cortex_m_odd_plus(other_offsets, other_four);
    output[0] = (int8_t)cortex_m_requantize_s8(multiply_bottom(even, other_even), &to);
    output[1] = (int8_t)cortex_m_requantize_s8(multiply_bottom(odd, other_odd), &to);
    output[2] = (int8_t)cortex_m_requantize_s8(multiply_top(even, other_even), &to);
    output[3] = (int8_t)cortex_m_requantize_s8(multiply_top(odd, other_odd), &to);
    self += 4;
    other += 4;
    output += 4;
  }
  for (; left > 0; --left) {
    const int32_t product =
        (*self++ - params->self_zero_point) * (*other++ - params->other_zero_point);
    *output++ = (int8_t)cortex_m_requantize_s8(product * 2, &to);
  }
}
