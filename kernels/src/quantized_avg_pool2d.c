// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/pooling.h"
#include "support.h"

/** Average of the window, requantized; pixel: the channel at the window's first tap. */
static inline int8_t average(const cortex_m_quantized_avg_pool2d_params *params,
                             const int8_t *pixel, int32_t rows, int32_t columns) {
  const int32_t row_size = params->input.w * params->input.c;
  const float scale = params->scale;
  float sum = 0.0f;
  for (int32_t row = 0; row < rows; ++row) {
    const int8_t *value = pixel;
    for (int32_t column = 0; column < columns; ++column) {
      sum += (float)(*value - params->zero_point) * scale;
      value += params->input.c;
    }
    pixel += row_size;
  }
  // Two divisions, as in the reference: their product would round once where they round twice.
  const float mean = sum / (float)(rows * columns);
  return cortex_m_round_to_int8(mean / scale, params->zero_point, INT8_MIN, INT8_MAX);
}

void cortex_m_quantized_avg_pool2d(const int8_t *input,
                                   const cortex_m_quantized_avg_pool2d_params *params,
                                   void *scratch, int8_t *output) {
  (void)scratch;
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
          *output++ = average(params, pixel + channel, rows.end - rows.begin,
                              columns.end - columns.begin);
        }
        x += params->stride_w;
      }
      y += params->stride_h;
    }
    input += image_size;
  }
}
