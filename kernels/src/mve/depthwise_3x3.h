// SPDX-License-Identifier: Apache-2.0
/** Products of 3x3 windows, one channel after the other. Private. */
#ifndef CORTEX_M_KERNELS_DEPTHWISE_3X3_MVE_H
#define CORTEX_M_KERNELS_DEPTHWISE_3X3_MVE_H

#include <stdint.h>

/**
 * A channel: its window as four columns of four rows, the last of both zero; then how its sums
 * become int8.
 */
typedef struct {
  uint32_t weight[4]; /**< a column each */
  int32_t kernel_sum;
  int32_t multiplier;
  int32_t shift;
  int32_t output_offset;
} cortex_m_channel_mve;

/**
 * Four rows of the input, as words of four rows: [column][channel]. Reads columns in fours: up to
 * five more than the windows' last.
 */
typedef struct {
  const int8_t *words;
  int32_t column;         /**< bytes from one column to the next: four times the channels */
  int32_t step;           /**< bytes from one window to the next */
  const cortex_m_channel_mve *channel;
  int32_t channels;
  int8_t *output;
  int32_t output_column;  /**< bytes from one output pixel to the next */
  int32_t output_row;
  int32_t columns;        /**< output pixels side by side */
  int32_t rows;           /**< 1 or 2 */
} cortex_m_depthwise_rows_mve;

/** One or two rows of the output, of windows side by side. */
void cortex_m_depthwise_quads_mve(const cortex_m_depthwise_rows_mve *of);

/** One row of the output, of windows any step apart. */
void cortex_m_depthwise_row_mve(const cortex_m_depthwise_rows_mve *of);

#endif  // CORTEX_M_KERNELS_DEPTHWISE_3X3_MVE_H
