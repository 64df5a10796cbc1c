// SPDX-License-Identifier: Apache-2.0
/** Products of an input with the weights of one or several outputs. Private. */
#ifndef CORTEX_M_KERNELS_DOT_H
#define CORTEX_M_KERNELS_DOT_H

#include <stdint.h>

/** Outputs cortex_m_dot_lanes computes together. */
#define CORTEX_M_LANES 4

/**
 * Adds sum of (input[i] + offset) * weight[lane * stride + i] to sums[lane], modulo 2^32, for
 * CORTEX_M_LANES lanes.
 *
 * Not inlined: among a caller's variables the sums would not stay in registers.
 */
void cortex_m_dot_lanes(const int8_t *input, const int8_t *weight, int32_t stride, int32_t count,
                        int32_t offset, uint32_t *sums);

/** sum + sum of (input[i] + offset) * weight[i], modulo 2^32. */
uint32_t cortex_m_dot(const int8_t *input, const int8_t *weight, int32_t count, int32_t offset,
                      uint32_t sum);

#endif  // CORTEX_M_KERNELS_DOT_H
