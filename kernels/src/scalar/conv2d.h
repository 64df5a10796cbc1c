// SPDX-License-Identifier: Apache-2.0
/** Output pixels of a convolution from pairs, for cores without SIMD. Private. */
#ifndef CORTEX_M_KERNELS_CONV2D_SCALAR_H
#define CORTEX_M_KERNELS_CONV2D_SCALAR_H

#include <stdint.h>

#include "requantize.h"

/** Every output channel's filter, and how its sums become outputs. */
typedef struct {
  const int8_t *weight;
  const int32_t *kernel_sum;
  const int32_t *multipliers;
  const int32_t *shifts;
  int32_t taps;
  int32_t channels;
  cortex_m_output output;
} cortex_m_filters;

/**
 * All channels of four pixels next to each other in the output. A quad is what one tap reads for
 * them, two pairs (pairs.h).
 */
void cortex_m_quad_outputs(const cortex_m_filters *filters, const int32_t *quads,
                           int8_t *output);

/** All channels of two pixels; they may be the same. */
void cortex_m_pair_outputs(const cortex_m_filters *filters, const int32_t *pairs, int8_t *first,
                           int8_t *second);

#endif  // CORTEX_M_KERNELS_CONV2D_SCALAR_H
