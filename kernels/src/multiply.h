// SPDX-License-Identifier: Apache-2.0
/** The products of one run of elements: what dot.c does for each run. Private. */
#ifndef CORTEX_M_KERNELS_MULTIPLY_H
#define CORTEX_M_KERNELS_MULTIPLY_H

#include "dot.h"

/**
 * cortex_m_dot_lanes of the shape's count alone.
 *
 * Functions of their own: among a caller's variables the sums would not stay in registers.
 */
void cortex_m_multiply_lanes(const int8_t *input, const int8_t *weight,
                             const cortex_m_dot_shape *shape, uint32_t *sums);

/** As cortex_m_multiply_lanes, of one lane. */
uint32_t cortex_m_multiply(const int8_t *input, const int8_t *weight,
                           const cortex_m_dot_shape *shape, uint32_t sum);

#endif  // CORTEX_M_KERNELS_MULTIPLY_H
