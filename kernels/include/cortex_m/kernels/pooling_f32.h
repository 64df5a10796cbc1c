// SPDX-License-Identifier: Apache-2.0
/**
 * Pooling that stays with PyTorch's own operators. Formula: ATen's operator of the name.
 *
 * Shapes are of logical NCHW, whatever the memory order is: that is in the strides, in elements.
 */
#ifndef CORTEX_M_KERNELS_POOLING_F32_H
#define CORTEX_M_KERNELS_POOLING_F32_H

#include <stdint.h>

#include "cortex_m/kernels/dims.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  cortex_m_dims input;          /**< batch, height, width, channels */
  cortex_m_dims output;         /**< same batch and channels as the input */
  cortex_m_dims input_strides;  /**< of batch, height, width, channel */
  cortex_m_dims output_strides; /**< of batch, height, width, channel */
  int32_t kernel_h;
  int32_t kernel_w;
  int32_t stride_h;
  int32_t stride_w;
  int32_t pad_h;
  int32_t pad_w;
  int32_t dilation_h; /**< 1 in avg_pool2d */
  int32_t dilation_w;
  int32_t count_padding; /**< whether avg_pool2d counts the padding; not read by max_pool2d */
  int32_t divisor;       /**< what avg_pool2d divides by instead of a count; 0: the count */
} cortex_m_pool2d_f32_params;

typedef cortex_m_pool2d_f32_params cortex_m_avg_pool2d_f32_params;
typedef cortex_m_pool2d_f32_params cortex_m_max_pool2d_f32_params;
typedef cortex_m_pool2d_f32_params cortex_m_max_pool2d_s8_params;

/**
 * The sum of each window inside the input, rows in turn, each left to right, divided by the number
 * of its elements, those in the padding among them with count_padding. Within 2 ulps of the average
 * of the magnitudes, exact for one channel-last order of PyTorch's.
 *
 * Args:
 *   input, output: float32, by their strides.
 */
void cortex_m_avg_pool2d_f32(const float *input, const cortex_m_avg_pool2d_f32_params *params,
                             float *output);

/**
 * The largest element of each window inside the input, NaN if there is one, and where the first of
 * them is: its row * width + column in the input (max_pool2d_with_indices). Exact.
 *
 * Args:
 *   input: float32, by its strides.
 *   output: float32, by its strides, or null.
 *   indices: int64, by the output's strides, or null.
 */
void cortex_m_max_pool2d_f32(const float *input, const cortex_m_max_pool2d_f32_params *params,
                             float *output, int64_t *indices);

/** As cortex_m_max_pool2d_f32, of int8 tensors. */
void cortex_m_max_pool2d_s8(const int8_t *input, const cortex_m_max_pool2d_s8_params *params,
                            int8_t *output, int64_t *indices);

typedef struct {
  cortex_m_dims input;
  cortex_m_dims output;
  cortex_m_dims input_strides;
  cortex_m_dims output_strides;
} cortex_m_adaptive_avg_pool2d_f32_params;

/**
 * The average of rows floor(y * in / out) .. ceil((y + 1) * in / out) - 1, and of columns alike.
 * Within 2 ulps of the average of the magnitudes.
 *
 * Args:
 *   input, output: float32, by their strides.
 */
void cortex_m_adaptive_avg_pool2d_f32(const float *input,
                                      const cortex_m_adaptive_avg_pool2d_f32_params *params,
                                      float *output);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_KERNELS_POOLING_F32_H
