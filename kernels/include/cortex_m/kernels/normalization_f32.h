// SPDX-License-Identifier: Apache-2.0
/** Normalizations of float32 tensors. Formula: ATen's operator of the name. */
#ifndef CORTEX_M_KERNELS_NORMALIZATION_F32_H
#define CORTEX_M_KERNELS_NORMALIZATION_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t groups;   /**< sets of elements normalized together, one after the other */
  int32_t size;     /**< elements of a set */
  int32_t channels; /**< entries of weight and bias */
  int32_t repeats;  /**< neighbouring elements that share an entry of weight and bias */
  float epsilon;
} cortex_m_layer_norm_f32_params;

/**
 * output = (x - mean) * rstd * weight + bias, with mean and rstd = 1 / sqrt(variance + epsilon) of
 * each set of elements (native_layer_norm, native_group_norm). Element i of the tensor has entry
 * i / repeats % channels of weight and bias.
 *
 * Within 4 ulps of (|x| + mean of |x|) * rstd * |weight| + |bias| from PyTorch's result, and 1 more
 * for each 16 elements of a set, this times 1 + mean square / variance / 16.
 *
 * Args:
 *   input, output: float32, groups x size.
 *   weight, bias: float32, one per channel, or null for 1 and 0.
 *   mean, rstd: float32, one per set, or null.
 */
void cortex_m_layer_norm_f32(const float *input, const float *weight, const float *bias,
                             const cortex_m_layer_norm_f32_params *params, float *output,
                             float *mean, float *rstd);

typedef struct {
  int32_t outer;    /**< elements of the dimensions before the channels, in memory order */
  int32_t channels;
  int32_t inner;    /**< elements of the dimensions after the channels, in memory order */
  float epsilon;
} cortex_m_batch_norm_f32_params;

/**
 * output = (x - mean) / sqrt(variance + epsilon) * weight + bias, with the statistics of training
 * (_native_batch_norm_legit_no_training).
 *
 * Within 3 ulps of |x * factor| + |mean * factor| + |bias| from PyTorch's result, factor being
 * weight / sqrt(variance + epsilon).
 *
 * Args:
 *   input, output: float32, outer x channels x inner.
 *   weight, bias: float32, one per channel, or null for 1 and 0.
 *   mean, variance: float32, one per channel.
 */
void cortex_m_batch_norm_f32(const float *input, const float *weight, const float *bias,
                             const float *mean, const float *variance,
                             const cortex_m_batch_norm_f32_params *params, float *output);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_KERNELS_NORMALIZATION_F32_H
