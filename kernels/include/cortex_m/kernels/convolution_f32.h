// SPDX-License-Identifier: Apache-2.0
/** Convolutions of float32 tensors. Formula: ATen's convolution. */
#ifndef CORTEX_M_KERNELS_CONVOLUTION_F32_H
#define CORTEX_M_KERNELS_CONVOLUTION_F32_H

#include <stdint.h>

#include "cortex_m/kernels/dims.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Shapes are of logical NCHW, whatever the memory order is: that is in the strides, in elements. A
 * one-dimensional convolution has a height of 1.
 */
typedef struct {
  int32_t batch;
  int32_t groups;
  int32_t input_channels;  /**< of one group */
  int32_t output_channels; /**< of one group */
  int32_t input_h;
  int32_t input_w;
  int32_t kernel_h;
  int32_t kernel_w;
  int32_t output_h;
  int32_t output_w;
  int32_t stride_h;
  int32_t stride_w;
  int32_t pad_h; /**< rows of padding above; those below follow from output_h */
  int32_t pad_w;
  int32_t dilation_h;
  int32_t dilation_w;
  cortex_m_dims input_strides;  /**< of batch, height, width, channel */
  cortex_m_dims weight_strides; /**< of output channel, height, width, input channel */
  cortex_m_dims output_strides; /**< of batch, height, width, channel */
} cortex_m_conv_f32_params;

/**
 * output[n][o][y][x] = bias[o] + sum over i, ky, kx of
 *     input[n][i][y * stride_h - pad_h + ky * dilation_h][...] * weight[o][i][ky][kx]
 *
 * Terms outside the input are left out; the others are added from the bias on, input channels
 * outermost, each rounded. A result is within terms / 2 + 3 ulps of the sum of its terms'
 * magnitudes from PyTorch's.
 *
 * Args:
 *   input: float32, by its strides.
 *   weight: float32, by its strides; input_channels of it are those of one group.
 *   bias: float32, one per output channel, or null.
 *   output: float32, by its strides.
 */
void cortex_m_conv_f32(const float *input, const float *weight, const float *bias,
                       const cortex_m_conv_f32_params *params, float *output);

typedef cortex_m_conv_f32_params cortex_m_conv_transpose_f32_params;

/**
 * The transposed convolution: each input element, times the kernel, is added to the output at
 * y * stride_h - pad_h + ky * dilation_h. Otherwise, and in its accuracy, as cortex_m_conv_f32.
 *
 * Args:
 *   weight: float32, by its strides; output_channels of it are those of one group.
 */
void cortex_m_conv_transpose_f32(const float *input, const float *weight, const float *bias,
                                 const cortex_m_conv_transpose_f32_params *params, float *output);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_KERNELS_CONVOLUTION_F32_H
