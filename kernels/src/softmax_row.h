// SPDX-License-Identifier: Apache-2.0
/** One row of softmax as the reference computes it. Private. */
#ifndef CORTEX_M_KERNELS_SOFTMAX_ROW_H
#define CORTEX_M_KERNELS_SOFTMAX_ROW_H

#include <stdint.h>

#include "cortex_m/kernels/softmax.h"

/** Fraction bits of a result in the integer path. */
#define CORTEX_M_SOFTMAX_FRACTION 22

/** Division by the sum of a row's exponentials: (e * reciprocal >> 32) >> shift is 256 e / sum. */
typedef struct {
  uint64_t reciprocal; /**< 2^(62 + shift) / sum: 2^31 .. 2^32 */
  int32_t shift;
} cortex_m_softmax_divisor;

/** sum: at least 2^30, of the maximum itself. */
cortex_m_softmax_divisor cortex_m_softmax_divide(uint64_t sum);

/** In float32; largest: the row's maximum. */
void cortex_m_softmax_row(const int8_t *input, const cortex_m_softmax_params *params,
                          int32_t largest, int8_t *output);

#endif  // CORTEX_M_KERNELS_SOFTMAX_ROW_H
