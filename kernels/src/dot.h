// SPDX-License-Identifier: Apache-2.0
/** Products of an input with the weights of one or several outputs. Private. */
#ifndef CORTEX_M_KERNELS_DOT_H
#define CORTEX_M_KERNELS_DOT_H

#include <stdint.h>

/** Outputs cortex_m_dot_lanes computes together. */
#define CORTEX_M_LANES 4

/** What is multiplied: rows of runs of elements. Distances are in elements, from start to start. */
typedef struct {
  int32_t count;         /**< elements of a run */
  int32_t columns;       /**< runs of a row */
  int32_t rows;
  int32_t input_column;  /**< from one run to the next, in the input */
  int32_t input_row;
  int32_t weight_column; /**< and in the weights */
  int32_t weight_row;
  int32_t stride;        /**< from the weights of one lane to those of the next */
  int32_t offset;        /**< what is added to each input: -127 .. 128 */
} cortex_m_dot_shape;

/** One run. */
static inline cortex_m_dot_shape cortex_m_dot_run(int32_t count, int32_t stride, int32_t offset) {
  return (cortex_m_dot_shape){count, 1, 1, 0, 0, 0, 0, stride, offset};
}

/** Adds sum of (input + offset) * weight to sums[lane], modulo 2^32, for CORTEX_M_LANES lanes. */
void cortex_m_dot_lanes(const int8_t *input, const int8_t *weight, const cortex_m_dot_shape *shape,
                        uint32_t *sums);

/** sum + sum of (input + offset) * weight, modulo 2^32. */
uint32_t cortex_m_dot(const int8_t *input, const int8_t *weight, const cortex_m_dot_shape *shape,
                      uint32_t sum);

#endif  // CORTEX_M_KERNELS_DOT_H
