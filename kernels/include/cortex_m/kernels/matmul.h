// SPDX-License-Identifier: Apache-2.0
/** Products of matrices. Formula: operators.py, quantized_batch_matmul_impl. */
#ifndef CORTEX_M_KERNELS_MATMUL_H
#define CORTEX_M_KERNELS_MATMUL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t batch;
  int32_t rows;       /**< of lhs */
  int32_t columns;    /**< of the product: rows of rhs_transposed */
  int32_t inner;
  int32_t lhs_offset; /**< minus its zero point: -127 .. 128 */
  int32_t rhs_offset; /**< minus its zero point: -127 .. 128 */
  int32_t output_zero_point;
  int32_t output_multiplier;
  int32_t output_shift; /**< -63 .. 63, negative to the right */
} cortex_m_quantized_batch_matmul_params;

/**
 * sum    = sum of (lhs[b][r][i] + lhs_offset) * (rhs_transposed[b][c][i] + rhs_offset), modulo 2^32
 * output[b][r][c] = clamp(requantize(sum, output_multiplier, output_shift) + output_zero_point,
 *                         -128, 127)
 *
 * The reference sums in float32, which is exact while partial sums stay within 2^24: always, up to
 * an inner size of 258.
 *
 * Args:
 *   lhs: int8, [batch][rows][inner].
 *   rhs_transposed: int8, [batch][columns][inner].
 *   scratch: CORTEX_M_QUANTIZED_BATCH_MATMUL_SCRATCH bytes.
 *   output: int8, [batch][rows][columns].
 */
void cortex_m_quantized_batch_matmul(const int8_t *lhs, const int8_t *rhs_transposed,
                                     const cortex_m_quantized_batch_matmul_params *params,
                                     void *scratch, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_KERNELS_MATMUL_H
