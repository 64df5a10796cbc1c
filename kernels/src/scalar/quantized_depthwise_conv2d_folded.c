// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/convolution.h"
#include "requantize.h"

/** Channels computed together. */
#define LANES 4

/** The part of a window that is inside the image, and what every channel of it needs. */
typedef struct {
  const int8_t *pixel;  /**< the first tap's, channel 0 */
  const int8_t *weight; /**< the same tap's */
  int32_t rows;
  int32_t columns;
  int32_t line;         /**< from a tap to the one below it */
  int32_t pixel_step;   /**< from a tap to the one at its right */
  int32_t weight_line;
  int32_t weight_step;
  int32_t offset;       /**< added to what is read */
} window;

/** Sums of `lanes` (1 or LANES) channels from `channel` on. */
static inline __attribute__((always_inline)) void add_products(const window *at, int32_t channel,
                                                               int32_t lanes, int32_t *sums) {
  const int8_t *pixel_line = at->pixel + channel;
  const int8_t *weight_line = at->weight + channel;
  int32_t sum[LANES] = {0};
  for (int32_t row = at->rows; row > 0; --row) {
    const int8_t *pixel = pixel_line;
    const int8_t *weight = weight_line;
    for (int32_t column = at->columns; column > 0; --column) {
#pragma GCC unroll 4
      for (int32_t lane = 0; lane < lanes; ++lane) {
        sum[lane] += (pixel[lane] + at->offset) * weight[lane];
      }
      pixel += at->pixel_step;
      weight += at->weight_step;
    }
    pixel_line += at->line;
    weight_line += at->weight_line;
  }
#pragma GCC unroll 4
  for (int32_t lane = 0; lane < lanes; ++lane) {
    sums[lane] = sum[lane];
  }
}

void cortex_m_quantized_depthwise_conv2d_folded(
    const int8_t *input, const int8_t *weight, const int32_t *bias, const int32_t *kernel_sum,
    const int32_t *multipliers, const int32_t *shifts,
    const cortex_m_quantized_depthwise_conv2d_params *params, void *scratch, int32_t tile,
    int8_t *output) {
  (void)scratch;
  (void)tile;
  const int32_t channels = params->output.c;
  const cortex_m_output narrow = {2 * params->output_offset + 1, params->activation_min,
                                  params->activation_max};
  window at = {
      .line = params->dilation_h * params->input.w * channels,
      .pixel_step = params->dilation_w * channels,
      .weight_line = params->filter.w * channels,
      .weight_step = channels,
  };
  for (int32_t n = 0; n < params->output.n; ++n) {
    int32_t y = -params->pad_h;
    for (int32_t output_y = 0; output_y < params->output.h; ++output_y) {
      const cortex_m_window rows =
          cortex_m_clip_window(y, params->filter.h, params->dilation_h, params->input.h);
      int32_t x = -params->pad_w;
      for (int32_t output_x = 0; output_x < params->output.w; ++output_x) {
        const cortex_m_window columns =
            cortex_m_clip_window(x, params->filter.w, params->dilation_w, params->input.w);
        at.rows = rows.end - rows.begin;
        at.columns = columns.end - columns.begin;
        // Taps outside the image must read as 0, so that the kernel sum holds only without any.
        const int inside = at.rows == params->filter.h && at.columns == params->filter.w;
        const int32_t *const start = inside ? kernel_sum : bias;
        at.offset = inside ? 0 : params->input_offset;
        at.pixel = input + (y * params->input.w + x) * channels + rows.begin * at.line +
                   columns.begin * at.pixel_step;
        at.weight = weight + rows.begin * at.weight_line + columns.begin * at.weight_step;
        for (int32_t channel = 0; channel < channels;) {
          int32_t sums[LANES];
          int32_t lanes = LANES;
          if (channels - channel >= LANES) {
            add_products(&at, channel, LANES, sums);
          } else {
            lanes = 1;
            add_products(&at, channel, 1, sums);
          }
          for (int32_t lane = 0; lane < lanes; ++lane) {
            const cortex_m_channel by =
                cortex_m_channel_at(start, multipliers, shifts, channel++);
            *output++ = cortex_m_finish(sums[lane], &by, &narrow);
          }
        }
        x += params->stride_w;
      }
      y += params->stride_h;
    }
    input += params->input.h * params->input.w * channels;
  }
}
