// SPDX-License-Identifier: Apache-2.0
/** All output channels of a run of pixels. Private. */
#ifndef CORTEX_M_KERNELS_RUN_MVE_H
#define CORTEX_M_KERNELS_RUN_MVE_H

#include <stdint.h>

#include "cortex_m/kernels/convolution.h"
#include "products.h"

/** What all runs of a convolution have in common. */
typedef struct {
  int32_t one;
  int32_t output_offset;
  int32_t output_step; /**< bytes from one output pixel to the next */
  int32_t next;        /**< from the end of a window to the one two pixels on */
  const int8_t *end;   /**< of the outputs; set per run as the windows and the output */
  const int8_t *weight;
  int32_t vectors;     /**< of taps, but one */
  const int8_t *window;
  const int8_t *window_1;
  int8_t *output;
  const int32_t *kernel_sum;
  const int32_t *multipliers;
  const int32_t *shifts;
  int32_t channels;
  int32_t minimum;
  int32_t maximum;
  int32_t window_step; /**< bytes from one window to the next */
  int32_t taps;
} cortex_m_run;

/** Pixels whose windows and whose outputs each lie a constant number of bytes apart. */
typedef struct {
  const int8_t *window;
  int8_t *output;
  int32_t count;
  int32_t padded; /**< windows whose last vector of taps may be read to its end: the first ones */
} cortex_m_pixels;

/** Sets all that does not differ between runs. */
void cortex_m_begin_runs_mve(const cortex_m_quantized_conv2d_params *params, const int8_t *weight,
                             const int32_t *kernel_sum, const int32_t *multipliers,
                             const int32_t *shifts, cortex_m_run *run);

/** And the bytes from one window and from one output pixel to the next. */
static inline void cortex_m_set_steps_mve(cortex_m_run *run, int32_t window_step,
                                          int32_t output_step) {
  run->window_step = window_step;
  run->output_step = output_step;
  run->next = 2 * window_step - 16 * (run->vectors + 1);
}

/** Computes the pixels; `run` is changed meanwhile. */
void cortex_m_run_mve(cortex_m_run *run, const cortex_m_pixels *pixels);

#endif  // CORTEX_M_KERNELS_RUN_MVE_H
