// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/pooling.h"
#include "support.h"

/** Largest value of the window; pixel: the channel at the window's first tap. */
static inline int32_t maximum(const cortex_m_quantized_max_pool2d_params *params,
                              const int8_t *pixel, int32_t rows, int32_t columns) {
  const int32_t row_size = params->input.w * params->input.c;
  int32_t largest = INT8_MIN;
  for (int32_t row = 0; row < rows; ++row) {
    const int8_t *value = pixel;
    for (int32_t column = 0; column < columns; ++column) {
      largest = *value > largest ? *value : largest;
      value += params->input.c;
    }
    pixel += row_size;
  }
  return largest;
}

void cortex_m_quantized_max_pool2d(const int8_t *input,
                                   const cortex_m_quantized_max_pool2d_params *params,
                                   int8_t *output) {
  const int32_t image_size = params->input.h * params->input.w * params->input.c;
  for (int32_t n = 0; n < params->output.n; ++n) {
    int32_t y = -params->pad_h;
    for (int32_t output_y = 0; output_y < params->output.h; ++output_y) {
      const cortex_m_window rows =
          cortex_m_clip_window(y, params->kernel_h, 1, params->input.h);
      int32_t x = -params->pad_w;
      for (int32_t output_x = 0; output_x < params->output.w; ++output_x) {
        const cortex_m_window columns =
            cortex_m_clip_window(x, params->kernel_w, 1, params->input.w);
        const int8_t *pixel =
            input + ((y + rows.begin) * params->input.w + x + columns.begin) * params->input.c;
        for (int32_t channel = 0; channel < params->output.c; ++channel) {
          const int32_t value = maximum(params, pixel + channel, rows.end - rows.begin,
                                        columns.end - columns.begin);
          *output++ =
              cortex_m_clamp(value, 0, params->activation_min, params->activation_max);
        }
        x += params->stride_w;
      }
      y += params->stride_h;
    }
    input += image_size;
  }
}
