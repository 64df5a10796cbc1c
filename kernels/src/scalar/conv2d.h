// SPDX-License-Identifier: Apache-2.0
/** Output pixels of a convolution, for cores without SIMD. Private. */
#ifndef CORTEX_M_KERNELS_CONV2D_SCALAR_H
#define CORTEX_M_KERNELS_CONV2D_SCALAR_H

#include <stddef.h>
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

#if defined(__arm__)
_Static_assert(offsetof(cortex_m_filters, weight) == 0 &&
                   offsetof(cortex_m_filters, kernel_sum) == 4 &&
                   offsetof(cortex_m_filters, multipliers) == 8 &&
                   offsetof(cortex_m_filters, shifts) == 12 &&
                   offsetof(cortex_m_filters, taps) == 16 &&
                   offsetof(cortex_m_filters, channels) == 20 &&
                   offsetof(cortex_m_filters, output) == 24 &&
                   offsetof(cortex_m_output, rounding) == 0 &&
                   offsetof(cortex_m_output, minimum) == 4 &&
                   offsetof(cortex_m_output, maximum) == 8,
               "the assembly reads the filters in this order");
#endif

/**
 * All channels of four pixels next to each other in the output. A quad is what one tap reads for
 * them, two pairs (pairs.h).
 */
void cortex_m_quad_outputs(const cortex_m_filters *filters, const int32_t *quads, int8_t *output);

/** All channels of two pixels next to each other in the output. */
void cortex_m_pair_outputs(const cortex_m_filters *filters, const int32_t *pairs, int8_t *output);

/** All channels of a pixel, of which `window` is what the taps read. */
void cortex_m_pixel_outputs(const cortex_m_filters *filters, const int8_t *window,
                            int8_t *output);

#endif  // CORTEX_M_KERNELS_CONV2D_SCALAR_H
