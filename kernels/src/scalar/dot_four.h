// SPDX-License-Identifier: Apache-2.0
/** Products of one input with the weights of four outputs, for cores without SIMD. Private. */
#ifndef CORTEX_M_KERNELS_DOT_SCALAR_H
#define CORTEX_M_KERNELS_DOT_SCALAR_H

#include <stdint.h>

/** Outputs cortex_m_dot_lanes_scalar computes together. */
#define CORTEX_M_SCALAR_LANES 4

/**
 * sums[lane] = sum of input[i] * weight[lane * stride + i], for count > 0. A stride of 0 computes
 * one lane four times: what callers do with the last outputs.
 */
void cortex_m_dot_lanes_scalar(const int8_t *input, const int8_t *weight, int32_t stride,
                               int32_t count, int32_t *sums);

#endif  // CORTEX_M_KERNELS_DOT_SCALAR_H
