// SPDX-License-Identifier: Apache-2.0
/** Output pixels of a convolution from their windows, whatever the windows' shape. Private. */
#ifndef CORTEX_M_KERNELS_CONV2D_DSP_H
#define CORTEX_M_KERNELS_CONV2D_DSP_H

#include <stdint.h>

/** Fours of inputs whose two columns lie on the stack (columns.h). */
#define CORTEX_M_STACK_GROUPS 16

/** A function with a frame of its own: the caller does not keep the stack this one needs. */
#define CORTEX_M_FRAME __attribute__((noinline, noclone))

/** What is the same for all pixels. The assembly knows the order of the first eight. */
typedef struct {
  const int32_t *multipliers; /**< past the last channel's, as the next two */
  const int32_t *shifts;
  const int32_t *kernel_sum;
  int32_t unit;               /**< 2 * the output's offset + 1 */
  uint32_t rounds;            /**< of the unrolled loop over groups of four inputs */
  uint32_t entry;             /**< where in the loop the first round starts, in bytes */
  const int8_t *weight;       /**< paired (pairs.h) */
  int32_t first;              /**< of the channels, counted from the last, in bytes */
  int32_t inputs;             /**< of one output: the window's size */
  int32_t channels;           /**< outputs of a pixel */
} cortex_m_conv2d_layer;

cortex_m_conv2d_layer cortex_m_conv2d_layer_dsp(const int8_t *weight, const int32_t *kernel_sum,
                                                const int32_t *multipliers, const int32_t *shifts,
                                                int32_t inputs, int32_t channels,
                                                int32_t output_offset);

/**
 * All channels of two pixels, from their columns.
 *
 * Args:
 *   starts: of the columns (cortex_m_finish_column_dsp).
 *   second: where the second pixel goes, counted from output; 0 if there is none.
 */
void cortex_m_output_columns_dsp(const cortex_m_conv2d_layer *layer, const uint32_t *columns,
                                 const int32_t *starts, int32_t second, int8_t *output);

/** All channels of one pixel, from its inputs as they lie, at any address. */
void cortex_m_output_vector_dsp(const cortex_m_conv2d_layer *layer, const int8_t *input,
                                int8_t *output);

#endif  // CORTEX_M_KERNELS_CONV2D_DSP_H
