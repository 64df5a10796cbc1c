// SPDX-License-Identifier: Apache-2.0
#include "copy.h"
#include "cortex_m/kernels/convolution.h"
#include "products.h"
#include "run.h"

/**
 * Tiles: twice the pixels of a run, an even number, plus 1 if the run is gathered in the scratch
 * before any of its outputs is written.
 *
 * Else four channels of all pixels of a run are written before the next four, so that a run's first
 * pixel is read again when others have been written. Windows whose taps are no multiple of 16 are
 * then read to the end of their last vector, up to 15 bytes into the pixels behind them, against
 * weights of zero: those bytes may have been overwritten.
 */

/** `count` windows, one behind the other. */
static void gather(const int8_t *window, int32_t step, int32_t bytes, int32_t count, int8_t *to) {
  if (step == bytes) {
    cortex_m_copy_mve(to, window, count * bytes);
    return;
  }
  for (int32_t left = count; left > 0; --left) {
    to = cortex_m_copy_mve(to, window, bytes);
    window += step;
  }
}

void cortex_m_quantized_conv2d_1x1(const int8_t *input, const int8_t *weight,
                                   const int32_t *kernel_sum, const int32_t *multipliers,
                                   const int32_t *shifts,
                                   const cortex_m_quantized_conv2d_params *params, void *scratch,
                                   int32_t tile, int8_t *output) {
  const cortex_m_dims *const from = &params->input;
  const cortex_m_dims *const to = &params->output;
  cortex_m_run run;
  cortex_m_begin_runs_mve(params, weight, kernel_sum, multipliers, shifts, &run);
  const int gathered = tile & 1;
  const int32_t most = tile >> 1;
  const int together = params->stride_h == 1 && params->stride_w == 1 && to->h == from->h &&
                       to->w == from->w;
  const int32_t step = params->stride_w * from->c;
  cortex_m_set_steps_mve(&run, gathered ? from->c : step, to->c);
  const int32_t beyond = cortex_m_vectors_mve(from->c) * 16;
  const int8_t *const end = input + from->n * from->h * from->w * from->c;
  const int32_t count = together ? to->n * to->h * to->w : to->w;
  cortex_m_pixels pixels = {.output = output};
  for (int32_t n = 0; n < (together ? 1 : to->n); ++n) {
    for (int32_t y = 0; y < (together ? 1 : to->h); ++y) {
      const int8_t *window = input + (n * from->h + y * params->stride_h) * from->w * from->c;
      for (int32_t left = count; left > 0; left -= most) {
        pixels.count = pixels.padded = left < most ? left : most;
        pixels.window = window;
        if (gathered) {
          gather(window, step, from->c, pixels.count, scratch);
          pixels.window = scratch;
        } else {
          // The last windows of the input have nothing behind them.
          while (pixels.padded > 0 && window + (pixels.padded - 1) * step + beyond > end) {
            --pixels.padded;
          }
        }
        cortex_m_run_mve(&run, &pixels);
        window += pixels.count * step;
        pixels.output += pixels.count * to->c;
      }
    }
  }
}
