// SPDX-License-Identifier: Apache-2.0
/** Products of float32 matrices. Formula: ATen's linear, mm, addmm, bmm and baddbmm. */
#ifndef CORTEX_M_KERNELS_MATMUL_F32_H
#define CORTEX_M_KERNELS_MATMUL_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t batch;
  int32_t rows;
  int32_t inner;
  int32_t columns;
  int32_t self_batch_stride; /**< strides are in elements */
  int32_t self_row_stride;
  int32_t self_inner_stride;
  int32_t other_batch_stride;
  int32_t other_inner_stride;
  int32_t other_column_stride;
  int32_t bias_batch_stride;
  int32_t bias_row_stride;
  int32_t bias_column_stride;
  float alpha; /**< factor of the product */
  float beta;  /**< factor of the bias */
} cortex_m_matmul_f32_params;

/**
 * output[b][r][c] = alpha * (sum over i of self[b][r][i] * other[b][i][c]) + beta * bias[b][r][c]
 *
 * Terms are added in the order of i, each rounded. A result is within inner / 2 + 3 ulps of the sum
 * of its terms' magnitudes from PyTorch's; with few terms usually equal.
 *
 * Args:
 *   self, other: float32, by their strides.
 *   bias: float32, by its strides, or null.
 *   output: float32, dense.
 */
void cortex_m_matmul_f32(const float *self, const float *other, const float *bias,
                         const cortex_m_matmul_f32_params *params, float *output);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_KERNELS_MATMUL_F32_H
