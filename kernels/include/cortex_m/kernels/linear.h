// SPDX-License-Identifier: Apache-2.0
/** Fully connected layer. Formula: operators.py, quantized_linear_impl. */
#ifndef CORTEX_M_KERNELS_LINEAR_H
#define CORTEX_M_KERNELS_LINEAR_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t rows;           /**< the product of all input dimensions but the last */
  int32_t in_features;
  int32_t out_features;
  int32_t input_offset;   /**< minus the input's zero point; not read in the kernel_sum form */
  int32_t filter_offset;  /**< minus the weight's zero point */
  int32_t output_offset;  /**< the output's zero point */
  int32_t multiplier;
  int32_t shift;          /**< -63 .. 63, negative to the right */
  int32_t activation_min; /**< -128 .. activation_max */
  int32_t activation_max; /**< activation_min .. 127 */
} cortex_m_quantized_linear_params;

/**
 * output[r][o] = clamp(requantize(sum, multiplier, shift) + output_offset, activation_min,
 * activation_max), where the sum takes one of two forms, as the program was lowered:
 *
 *   kernel_sum null:  sum of (input[r][i] + input_offset) * (weight[o][i] + filter_offset)
 *                     + bias[o], modulo 2^32
 *   kernel_sum given: sum of input[r][i] * weight[o][i], modulo 2^32,
 *                     + filter_offset * sum of input[r][i] + kernel_sum[o], not wrapped;
 *                     bias is not read
 *
 * Args:
 *   input: int8, [rows][in_features].
 *   weight: int8, [out_features][in_features].
 *   bias: int32, [out_features], or null for none.
 *   kernel_sum: int32, [out_features], or null.
 *   output: int8, [rows][out_features].
 */
void cortex_m_quantized_linear(const int8_t *input, const int8_t *weight, const int32_t *bias,
                               const int32_t *kernel_sum,
                               const cortex_m_quantized_linear_params *params, int8_t *output);

/**
 * As cortex_m_quantized_linear, with the input's offset folded into the sums. The plan compiler
 * checks that filter_offset is 0, the multiplier is not negative, the shift is -23 .. -1 and
 * |kernel_sum[o]| + 128 * sum of |weight[o][i]| < 2^30.
 *
 * Args:
 *   input: int8, [rows][in_features].
 *   weight: int8, [out_features][in_features], packed for the instruction set (plan:
 *     cortex_m_plan.packing).
 *   kernel_sum: int32, [out_features]: bias[o] + input_offset * sum of weight[o][i].
 *   output: int8, [rows][out_features].
 */
void cortex_m_quantized_linear_folded(const int8_t *input, const int8_t *weight,
                                      const int32_t *kernel_sum,
                                      const cortex_m_quantized_linear_params *params,
                                      int8_t *output);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_KERNELS_LINEAR_H
