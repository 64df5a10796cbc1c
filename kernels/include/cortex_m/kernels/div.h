// SPDX-License-Identifier: Apache-2.0
/** Elementwise division. Formula: operators.py, quantized_div_impl. */
#ifndef CORTEX_M_KERNELS_DIV_H
#define CORTEX_M_KERNELS_DIV_H

#include <stdint.h>

#include "cortex_m/kernels/broadcast.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  cortex_m_broadcast shape;
  int32_t self_zero_point;   /**< -2^24 .. 2^24 */
  int32_t other_zero_point;  /**< -2^24 .. 2^24 */
  int32_t output_zero_point; /**< a value of the output's type */
  float output_scale;        /**< the scales' quotient: self's / (other's * the output's) */
} cortex_m_quantized_div_params;

/**
 * In float32, every operation rounded:
 *
 *   quotient = (self - self_zero_point) / (other - other_zero_point), 0 where the divisor is 0
 *   output   = clamp(round(quotient * output_scale) + output_zero_point, -128, 127), ties to even
 *
 * Args:
 *   self, other: int8, broadcast to the output.
 *   output: int8.
 */
void cortex_m_quantized_div(const int8_t *self, const int8_t *other,
                            const cortex_m_quantized_div_params *params, int8_t *output);

typedef struct {
  cortex_m_broadcast shape;
  int32_t self_zero_point;
  int32_t other_zero_point;
  int32_t output_zero_point;
  float output_scale;
} cortex_m_quantized_div_s16_params;

/** As cortex_m_quantized_div, of int16 tensors: clamped to -32768 .. 32767. */
void cortex_m_quantized_div_s16(const int16_t *self, const int16_t *other,
                                const cortex_m_quantized_div_s16_params *params, int16_t *output);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_KERNELS_DIV_H
