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
  int32_t output_offset; /**< in 16 bits; 1 << 16 is set if outputs have bounds beside int8's */
} cortex_m_channel_mve;

/** How the outputs of a call lie. */
typedef struct {
  int32_t quads;         /**< 2 x 2 pixels are computed at once, else those side by side */
  int32_t channels;
  int32_t stride;        /**< columns from one window to the next; 1 of quads */
  int32_t columns;       /**< output pixels side by side */
  int32_t rows;          /**< 1; of quads 1 or 2 */
  int32_t output_column; /**< bytes from one output pixel to the next */
  int32_t output_row;
} cortex_m_depthwise_shape_mve;

/**
 * A call: four rows of the input, as words of four rows: [column][channel]. Reads columns in
 * fours: up to five more than the windows' last. The assembly knows the places; it moves the first
 * two and the channels on, the others are prepared once for calls of one shape.
 */
typedef struct {
  const int8_t *words;
  int8_t *output;
  const cortex_m_channel_mve *table;
  int32_t step;
  int32_t output_step;
  int32_t loops;
  uint32_t lanes;      /**< outputs of a loop, as a predicate */
  uint32_t rest[2];    /**< those after the loops; or 0 */
  int32_t channels;
  int32_t minimum;     /**< of outputs */
  int32_t maximum;
  uint32_t columns[4]; /**< of a window, in bytes */
  uint16_t outputs[8]; /**< of a loop, in bytes */
} cortex_m_depthwise_walk_mve;

/** Makes all but words, output, table, channels and the bounds. */
void cortex_m_depthwise_prepare_mve(const cortex_m_depthwise_shape_mve *of,
                                    cortex_m_depthwise_walk_mve *to);

/** One or two rows of the output, of windows side by side. */
void cortex_m_depthwise_quads_mve(cortex_m_depthwise_walk_mve *at);

/** One row of the output, of windows any step apart. */
void cortex_m_depthwise_row_mve(cortex_m_depthwise_walk_mve *at);

#endif  // CORTEX_M_KERNELS_DEPTHWISE_3X3_MVE_H
