// SPDX-License-Identifier: Apache-2.0
/** Softmax of int8. Formula: operators.py, softmax_impl, and torch.softmax of float32. */
#ifndef CORTEX_M_KERNELS_SOFTMAX_H
#define CORTEX_M_KERNELS_SOFTMAX_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t outer;            /**< rows that begin apart: the dimensions outside the summed one */
  int32_t count;            /**< elements of a row: the size of the dimension that is summed over */
  int32_t inner;            /**< rows that lie interleaved: the dimensions inside it, in memory */
  int32_t lanes;            /**< 8 if the dimension is the last one in PyTorch, else 1; see below */
  int32_t input_zero_point; /**< -128 .. 127 */
  float input_scale;        /**< (float)(input_multiplier * 2.0^input_shift / 2^57), positive */
  int32_t tie_margin;       /**< bound of the reference's relative error, times 2^32 */
  int32_t exponentials[256]; /**< [d]: round(2^30 * exp(-d * input_scale)) */
  int32_t input_multiplier; /**< these three are for fixed-point kernels, and not read here */
  int32_t input_shift;
  int32_t diff_min;
} cortex_m_softmax_params;

/**
 * output = clamp(round(256 * p) - 128, -128, 127), ties to even, where p is what PyTorch computes
 * in float32, with all its rounding errors:
 *
 *   x = (input - input_zero_point) * input_scale
 *   e = expf(x - max x)
 *   lanes 8: p = e * (1 / sum of e), the sum in eight parts (element i in part i % 8), which are
 *            then added in order
 *   lanes 1: p = e / sum of e, the sum in order
 *
 * A row is first computed in integers, from the table. Only if a result lies so near to a tie that
 * the reference's errors could decide it, the row is computed as above: the result is the same.
 *
 * Args:
 *   input, output: int8, [outer][count][inner].
 */
void cortex_m_softmax(const int8_t *input, const cortex_m_softmax_params *params, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_KERNELS_SOFTMAX_H
