// SPDX-License-Identifier: Apache-2.0
/** A run of outputs of one channel of a 3x3 depthwise convolution. Private. */
#ifndef CORTEX_M_KERNELS_DEPTHWISE_RUN_SCALAR_H
#define CORTEX_M_KERNELS_DEPTHWISE_RUN_SCALAR_H

#include <stdint.h>

/** Outputs of a run computed together: their sums lie on the stack. */
#define CORTEX_M_RUN_OUTPUTS 25

/**
 * What the windows of a run of outputs have in common, whatever the channel. A run goes along the
 * image's rows or along its columns; here as if along rows.
 */
typedef struct {
  int32_t second;      /**< from the window's first row to the second, in elements */
  int32_t third;
  int32_t step;        /**< from a column to the next one */
  int32_t weight_row;  /**< from the weight of a tap to that of the one in the next row */
  int32_t weight_step; /**< and in the next column */
  int32_t before;      /**< columns of padding at the left */
  int32_t inside;      /**< columns to read */
  int32_t after;       /**< columns of padding at the right */
  int32_t padding;     /**< what padding reads */
  int32_t rows_outside; /**< bit i: row i is padding; it is read from some row inside */
} cortex_m_run;

/**
 * Sums of products of one channel. Of before + inside + after columns, each three in a row give
 * one, from sums[2] on.
 *
 * Args:
 *   pixel: the channel in the leftmost column inside, in the window's first row.
 *   weight: the channel's first weight.
 */
void cortex_m_depthwise_run(const cortex_m_run *run, const int8_t *pixel, const int8_t *weight,
                            int32_t *sums);

/** As cortex_m_depthwise_run with stride 2, from sums[1] on. */
void cortex_m_depthwise_run_2(const cortex_m_run *run, const int8_t *pixel, const int8_t *weight,
                              int32_t *sums);

#endif  // CORTEX_M_KERNELS_DEPTHWISE_RUN_SCALAR_H
