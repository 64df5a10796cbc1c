// SPDX-License-Identifier: Apache-2.0
/** Elementwise multiplication. Formula: operators.py, quantized_mul_impl. */
#ifndef CORTEX_M_KERNELS_MUL_H
#define CORTEX_M_KERNELS_MUL_H

#include <stdint.h>

#include "cortex_m/kernels/broadcast.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  cortex_m_broadcast shape;
  int32_t self_zero_point;  /**< -2^24 .. 2^24: hardswish has ones far outside int8 */
  int32_t other_zero_point; /**< -2^24 .. 2^24 */
  int32_t output_zero_point;
  int32_t output_multiplier;
  int32_t output_shift; /**< -63 .. 63, negative to the right */
} cortex_m_quantized_mul_params;

/**
 * output = clamp(requantize((self - self_zero_point) * (other - other_zero_point),
 *                           output_multiplier, output_shift) + output_zero_point, -128, 127)
 *
 * Args:
 *   self, other: int8, broadcast to the output.
 *   output: int8.
 */
void cortex_m_quantized_mul(const int8_t *self, const int8_t *other,
                            const cortex_m_quantized_mul_params *params, int8_t *output);

/**
 * As cortex_m_quantized_mul, for operands that lie like the output: shape.rank is 1 and both strides
 * are 1. The plan compiler checks that zero points are within int8, the multiplier is not negative
 * and the shift is -23 .. -1.
 */
void cortex_m_quantized_mul_dense(const int8_t *self, const int8_t *other,
                                  const cortex_m_quantized_mul_params *params, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_KERNELS_MUL_H
