// SPDX-License-Identifier: Apache-2.0
/** What the maximum pooling of all ISAs shares. Private. */
#ifndef CORTEX_M_KERNELS_MAX_POOL2D_WINDOWS_H
#define CORTEX_M_KERNELS_MAX_POOL2D_WINDOWS_H

#include "cortex_m/kernels/pooling.h"
#include "support.h"

/** The part of one output pixel's window that is inside the input. */
typedef struct {
  const int8_t *pixel; /**< its first one */
  int32_t rows;
  int32_t columns;
  int32_t row_size;    /**< elements from one row to the next */
} cortex_m_max_pool2d_window;

/** Writes the clamped maximum of every channel. */
typedef void cortex_m_max_pool2d_pixel(const cortex_m_max_pool2d_window *window,
                                       const cortex_m_quantized_max_pool2d_params *params,
                                       int8_t *output);

/** cortex_m_quantized_max_pool2d by `pool`. */
static inline void cortex_m_max_pool2d(const int8_t *input,
                                       const cortex_m_quantized_max_pool2d_params *params,
                                       cortex_m_max_pool2d_pixel *pool, int8_t *output) {
  const int32_t channels = params->input.c;
  cortex_m_max_pool2d_window window;
  window.row_size = params->input.w * channels;
  for (int32_t n = 0; n < params->output.n; ++n) {
    int32_t y = -params->pad_h;
    for (int32_t output_y = 0; output_y < params->output.h; ++output_y) {
      const cortex_m_window rows = cortex_m_clip_window(y, params->kernel_h, 1, params->input.h);
      int32_t x = -params->pad_w;
      for (int32_t output_x = 0; output_x < params->output.w; ++output_x) {
        const cortex_m_window columns =
            cortex_m_clip_window(x, params->kernel_w, 1, params->input.w);
        window.pixel = input + (y + rows.begin) * window.row_size + (x + columns.begin) * channels;
        window.rows = rows.end - rows.begin;
        window.columns = columns.end - columns.begin;
        pool(&window, params, output);
        output += channels;
        x += params->stride_w;
      }
      y += params->stride_h;
    }
    input += params->input.h * window.row_size;
  }
}

#endif  // CORTEX_M_KERNELS_MAX_POOL2D_WINDOWS_H
