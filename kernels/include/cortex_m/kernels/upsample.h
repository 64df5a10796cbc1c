// SPDX-License-Identifier: Apache-2.0
/**
 * Enlarging images. Formula: ATen's operator of the name.
 *
 * Shapes are of logical NCHW, whatever the memory order is: that is in the strides, in elements.
 */
#ifndef CORTEX_M_KERNELS_UPSAMPLE_H
#define CORTEX_M_KERNELS_UPSAMPLE_H

#include <stdint.h>

#include "cortex_m/kernels/dims.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t element_bytes;        /**< 1, 2, 4 or 8 */
  cortex_m_dims input;          /**< batch, height, width, channels */
  cortex_m_dims output;         /**< same batch and channels as the input */
  cortex_m_dims input_strides;  /**< of batch, height, width, channel */
  cortex_m_dims output_strides; /**< of batch, height, width, channel */
  float scale_h;                /**< input rows per output row */
  float scale_w;
} cortex_m_upsample_nearest2d_params;

/**
 * output[n][c][y][x] = input[n][c][min(floor(y * scale_h), input.h - 1)][...]. Exact.
 *
 * Args:
 *   input, output: elements of element_bytes, by their strides.
 */
void cortex_m_upsample_nearest2d(const void *input,
                                 const cortex_m_upsample_nearest2d_params *params, void *output);

typedef struct {
  cortex_m_dims input;
  cortex_m_dims output;
  cortex_m_dims input_strides;
  cortex_m_dims output_strides;
  int32_t align_corners;
  float scale_h; /**< input rows per output row; between first and last ones with align_corners */
  float scale_w;
} cortex_m_upsample_bilinear2d_f32_params;

/**
 * Between the four nearest elements, by the distance of (y + 1/2) * scale_h - 1/2, not below 0, or
 * with align_corners of y * scale_h, from the row above it; columns alike. Within 4 ulps of the
 * largest of the four.
 *
 * Args:
 *   input, output: float32, by their strides.
 */
void cortex_m_upsample_bilinear2d_f32(const float *input,
                                      const cortex_m_upsample_bilinear2d_f32_params *params,
                                      float *output);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_KERNELS_UPSAMPLE_H
