// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/convolution.h"
#include "products.h"
#include "run.h"

void cortex_m_quantized_conv2d_1x1(const int8_t *input, const int8_t *weight,
                                   const int32_t *kernel_sum, const int32_t *multipliers,
                                   const int32_t *shifts,
                                   const cortex_m_quantized_conv2d_params *params,
                                   int8_t *output) {
  const cortex_m_dims from = params->input;
  const cortex_m_dims to = params->output;
  const int together = params->stride_h == 1 && params->stride_w == 1 && to.h == from.h &&
                       to.w == from.w;
  const cortex_m_run run = cortex_m_run_of(params, weight, kernel_sum, multipliers, shifts,
                                           params->stride_w * from.c, to.c);
  const int32_t beyond = cortex_m_vectors_mve(from.c) * 16;
  const int8_t *const end = input + from.n * from.h * from.w * from.c;
  cortex_m_pixels pixels = {.count = together ? to.n * to.h * to.w : to.w};
  for (int32_t n = 0; n < (together ? 1 : to.n); ++n) {
    for (int32_t y = 0; y < (together ? 1 : to.h); ++y) {
      pixels.window = input + (n * from.h + y * params->stride_h) * from.w * from.c;
      pixels.output = output;
      pixels.padded = pixels.count;
      // The last windows of the input have nothing behind them.
      while (pixels.padded > 0 &&
             pixels.window + (pixels.padded - 1) * run.window_step + beyond > end) {
        --pixels.padded;
      }
      cortex_m_run_mve(&run, &pixels);
      output += pixels.count * to.c;
    }
  }
}
