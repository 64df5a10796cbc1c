// SPDX-License-Identifier: Apache-2.0
/** Softmax of float32 tensors. Formula: ATen's _softmax and _log_softmax. */
#ifndef CORTEX_M_KERNELS_SOFTMAX_F32_H
#define CORTEX_M_KERNELS_SOFTMAX_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t outer; /**< elements of the dimensions before, in memory order */
  int32_t size;  /**< elements of the dimension itself */
  int32_t inner; /**< elements of the dimensions after, in memory order */
} cortex_m_softmax_f32_params;

/**
 * e^(x - largest) / sum of e^(x - largest) along one dimension.
 *
 * Within 4 ulps of PyTorch's result, and 1 more for each 16 elements of the dimension.
 *
 * Args:
 *   input, output: float32, outer x size x inner.
 */
void cortex_m_softmax_f32(const float *input, const cortex_m_softmax_f32_params *params,
                          float *output);

typedef cortex_m_softmax_f32_params cortex_m_log_softmax_f32_params;

/**
 * x - largest - log(sum of e^(x - largest)) along one dimension.
 *
 * Within 2 ulps of the larger of |result|, |x - largest| and 1.
 *
 * Args:
 *   input, output: float32, outer x size x inner.
 */
void cortex_m_log_softmax_f32(const float *input, const cortex_m_log_softmax_f32_params *params,
                              float *output);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_KERNELS_SOFTMAX_F32_H
