// SPDX-License-Identifier: Apache-2.0
/** Elementwise addition. Formula: operators.py, quantized_add_impl. */
#ifndef CORTEX_M_KERNELS_ADD_H
#define CORTEX_M_KERNELS_ADD_H

#include <stdint.h>

#include "cortex_m/kernels/broadcast.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  cortex_m_broadcast shape;
  int32_t self_zero_point;
  int32_t self_multiplier;
  int32_t self_shift; /**< shifts are in -63 .. 63, negative to the right */
  int32_t other_zero_point;
  int32_t other_multiplier;
  int32_t other_shift;
  int32_t output_zero_point;
  int32_t output_multiplier;
  int32_t output_shift;
  int32_t activation_min; /**< -128 .. activation_max */
  int32_t activation_max; /**< activation_min .. 127 */
} cortex_m_quantized_add_params;

/**
 * Both operands are brought to a common scale with 20 fraction bits, added, and requantized:
 *
 *   a      = requantize((self - self_zero_point) << 20, self_multiplier, self_shift)
 *   b      = requantize((other - other_zero_point) << 20, other_multiplier, other_shift)
 *   output = clamp(requantize(a + b, output_multiplier, output_shift) + output_zero_point,
 *                  activation_min, activation_max)
 *
 * Args:
 *   self, other: int8, broadcast to the output.
 *   output: int8.
 */
void cortex_m_quantized_add(const int8_t *self, const int8_t *other,
                            const cortex_m_quantized_add_params *params, int8_t *output);

/**
 * As cortex_m_quantized_add, for operands that lie like the output: shape.rank is 1 and both strides
 * are 1. The plan compiler checks that zero points are within int8, multipliers are not negative,
 * operand shifts are -23 .. 0 (where 0, the multiplier is divisible by 2048) and the output shift is
 * -23 .. -1.
 */
void cortex_m_quantized_add_dense(const int8_t *self, const int8_t *other,
                                  const cortex_m_quantized_add_params *params, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_KERNELS_ADD_H
