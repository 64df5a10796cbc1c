// SPDX-License-Identifier: Apache-2.0
#include <arm_mve.h>

#include "cortex_m/kernels/add.h"

/** Fraction bits an operand gains before it is scaled (the reference's SHIFT_INT8). */
#define FRACTION_BITS 20

/**
 * An operand on the common scale. product - (product < 0) rounds ties of the shift after it away
 * from zero; `away` is 0 for a shift of 0, where there are none, else 1.
 */
static inline int32x4_t rescale(int32x4_t value, int32x4_t one, int32_t zero, int32_t multiplier,
                                int32_t away, int32x4_t shift) {
  const int32x4_t product = vqrdmulhq_n_s32(vmlasq_n_s32(value, one, zero), multiplier);
  return vrshlq_s32(vqdmlahq_n_s32(product, product, away), shift);
}

void cortex_m_quantized_add_dense(const int8_t *self, const int8_t *other,
                                  const cortex_m_quantized_add_params *params, int8_t *output) {
  const int32x4_t one = vdupq_n_s32(1 << FRACTION_BITS);
  const int32x4_t minimum = vdupq_n_s32(params->activation_min);
  const int32x4_t maximum = vdupq_n_s32(params->activation_max);
  const int32x4_t self_shift = vdupq_n_s32(params->self_shift);
  const int32x4_t other_shift = vdupq_n_s32(params->other_shift);
  const int32x4_t output_shift = vdupq_n_s32(params->output_shift);
  const int32_t self_zero = -params->self_zero_point * (1 << FRACTION_BITS);
  const int32_t other_zero = -params->other_zero_point * (1 << FRACTION_BITS);
  const int32_t self_away = params->self_shift != 0;
  const int32_t other_away = params->other_shift != 0;
  const int32_t self_multiplier = params->self_multiplier;
  const int32_t other_multiplier = params->other_multiplier;
  const int32_t output_multiplier = params->output_multiplier;
  const int32_t offset = params->output_zero_point;
  for (int32_t left = params->shape.output_dims[0]; left > 0; left -= 4) {
    const mve_pred16_t lanes = vctp32q((uint32_t)left);
    const int32x4_t a = rescale(vldrbq_z_s32(self, lanes), one, self_zero, self_multiplier,
                                self_away, self_shift);
    const int32x4_t b = rescale(vldrbq_z_s32(other, lanes), one, other_zero, other_multiplier,
                                other_away, other_shift);
    const int32x4_t sum = vqrdmulhq_n_s32(vaddq_s32(a, b), output_multiplier);
    int32x4_t value = vrshlq_s32(vqdmlahq_n_s32(sum, sum, 1), output_shift);
    value = vminq_s32(vmaxq_s32(vaddq_n_s32(value, offset), minimum), maximum);
    vstrbq_p_s32(output, value, lanes);
    self += 4;
    other += 4;
    output += 4;
    // GCC 15 would compute the three from the count left, with an instruction each.
    __asm__("" : "+r"(self), "+r"(other), "+r"(output));
  }
}
