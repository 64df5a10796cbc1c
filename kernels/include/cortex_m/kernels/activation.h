// SPDX-License-Identifier: Apache-2.0
/**
 * Functions of one element. Formulas: operators.py, quantized_activation_impl; torch.clamp.
 */
#ifndef CORTEX_M_KERNELS_ACTIVATION_H
#define CORTEX_M_KERNELS_ACTIVATION_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t count; /**< elements */
} cortex_m_quantized_activation_params;

/**
 * output = table[input + 128]: any function of an int8 value.
 *
 * Args:
 *   input: int8, `count` elements, any shape.
 *   table: int8, 256 entries.
 *   output: int8, `count` elements.
 */
void cortex_m_quantized_activation(const int8_t *input, const int8_t *table,
                                   const cortex_m_quantized_activation_params *params,
                                   int8_t *output);

typedef struct {
  int32_t count;   /**< elements */
  int32_t minimum;
  int32_t maximum; /**< if it is less than minimum, every output is maximum */
} cortex_m_clamp_s8_params;

/**
 * output = min(max(input, minimum), maximum).
 *
 * Args: input and output of `count` int8 elements, any shape.
 */
void cortex_m_clamp_s8(const int8_t *input, const cortex_m_clamp_s8_params *params, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_KERNELS_ACTIVATION_H
