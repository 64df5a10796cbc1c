// SPDX-License-Identifier: Apache-2.0
#include <arm_mve.h>

#include "cortex_m/kernels/mul.h"

/** cortex_m_requantize of four lanes; the shift is negative. */
static inline int32x4_t scale(int32x4_t value, int32_t multiplier, int32_t shift) {
  const int32x4_t product = vqrdmulhq_n_s32(value, multiplier);
  return vrshlq_n_s32(vaddq_s32(product, vshrq_n_s32(product, 31)), shift);
}

/** Eight outputs, in the low bytes, of eight elements of each operand. */
static inline int16x8_t multiply(int16x8_t self, int16x8_t other,
                                 const cortex_m_quantized_mul_params *params) {
  const int16x8_t a = vsubq_n_s16(self, (int16_t)params->self_zero_point);
  const int16x8_t b = vsubq_n_s16(other, (int16_t)params->other_zero_point);
  const int32_t multiplier = params->output_multiplier;
  const int32_t shift = params->output_shift;
  const int32x4_t even = scale(vmullbq_int_s16(a, b), multiplier, shift);
  const int32x4_t odd = scale(vmulltq_int_s16(a, b), multiplier, shift);
  // Narrowing instructions keep the other lanes of their first operand, here nobody's any more.
  // Saturated to int16, then to int8, a result is what it would be if it were clamped at once.
  int16x8_t result = vqmovntq_s32(vqmovnbq_s32(a, even), odd);
  result = vqaddq_n_s16(result, (int16_t)params->output_zero_point);
  return vreinterpretq_s16_s8(vqmovnbq_s16(vreinterpretq_s8_s16(b), result));
}

void cortex_m_quantized_mul_dense(const int8_t *self, const int8_t *other,
                                  const cortex_m_quantized_mul_params *params, int8_t *output) {
  const cortex_m_quantized_mul_params p = *params;
  const int32_t count = p.shape.output_dims[0];
  for (int32_t eights = count >> 3; eights > 0; --eights) {
    vstrbq_s16(output, multiply(vldrbq_s16(self), vldrbq_s16(other), &p));
    self += 8;
    other += 8;
    output += 8;
  }
  // Not in the loop: GCC 15 predicates a loop of 16-bit lanes as a whole, and with it half of a
  // 32-bit lane.
  const mve_pred16_t lanes = vctp16q((uint32_t)count & 7u);
  vstrbq_p_s16(output, multiply(vldrbq_z_s16(self, lanes), vldrbq_z_s16(other, lanes), &p), lanes);
}
