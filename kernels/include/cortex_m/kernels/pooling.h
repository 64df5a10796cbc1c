// SPDX-License-Identifier: Apache-2.0
/**
 * Pooling. Formula: operators.py, quantized_avg_pool2d_impl and quantized_max_pool2d_impl.
 *
 * Windows reaching past the input, at the end as at the start, are cut to it, so that the output's
 * shape alone expresses padding and ceil_mode.
 */
#ifndef CORTEX_M_KERNELS_POOLING_H
#define CORTEX_M_KERNELS_POOLING_H

#include <stdint.h>

#include "cortex_m/kernels/dims.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  cortex_m_dims input;  /**< NHWC */
  cortex_m_dims output; /**< NHWC; same n and c as the input */
  int32_t kernel_h;
  int32_t kernel_w;
  int32_t stride_h;
  int32_t stride_w;
  int32_t pad_h;
  int32_t pad_w;
  int32_t zero_point; /**< of input and output: -128 .. 127 */
  float scale;        /**< (float)(multiplier * 2.0^shift / 2^31), computed in double precision */
} cortex_m_quantized_avg_pool2d_params;

/**
 * Average of the part of each window inside the input (count_include_pad=False).
 *
 * In float32, in this order, because the reference computes so and its rounding errors decide ties:
 *   sum    = 0 + (input - zero_point) * scale + ..., the window's rows in turn, each left to right
 *   output = clamp(round(sum / count / scale) + zero_point, -128, 127), ties to even
 * A scale of 0 gives 0, the reference's conversion of NaN.
 *
 * Args:
 *   input: int8, NHWC.
 *   scratch: CORTEX_M_QUANTIZED_AVG_POOL2D_SCRATCH bytes.
 *   output: int8, NHWC.
 */
void cortex_m_quantized_avg_pool2d(const int8_t *input,
                                   const cortex_m_quantized_avg_pool2d_params *params,
                                   void *scratch, int8_t *output);

/**
 * As cortex_m_quantized_avg_pool2d, in integers except where the exact average is a tie. The plan
 * compiler checks that kernel_h * kernel_w <= 179 and 2^-60 < scale < 2^60: the float sum of the
 * formula is then within less than half a step of the exact one.
 *
 * Args:
 *   input: int8, NHWC.
 *   output: int8, NHWC.
 */
void cortex_m_quantized_avg_pool2d_integer(const int8_t *input,
                                           const cortex_m_quantized_avg_pool2d_params *params,
                                           int8_t *output);

typedef struct {
  cortex_m_dims input;  /**< NHWC */
  cortex_m_dims output; /**< NHWC; same n and c as the input */
  int32_t kernel_h;
  int32_t kernel_w;
  int32_t stride_h;
  int32_t stride_w;
  int32_t pad_h;
  int32_t pad_w;
  int32_t activation_min; /**< -128 .. activation_max */
  int32_t activation_max; /**< activation_min .. 127 */
} cortex_m_quantized_max_pool2d_params;

/**
 * Maximum of the part of each window inside the input, clamped to the activation's range.
 *
 * Args:
 *   input: int8, NHWC.
 *   output: int8, NHWC.
 */
void cortex_m_quantized_max_pool2d(const int8_t *input,
                                   const cortex_m_quantized_max_pool2d_params *params,
                                   int8_t *output);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_KERNELS_POOLING_H
