// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>

#include "cortex_m/kernels/convolution.h"
#include "dot.h"
#include "channels.h"
#include "support.h"

/** The taps of one output pixel's window that are inside the input. */
typedef struct {
  cortex_m_dot_shape shape; /**< for one output channel; nothing in it for a window outside */
  int32_t input;            /**< where the first tap reads, from the image's start */
  int32_t weight;           /**< its weights, from the channel's first */
} window;

static window find_window(const cortex_m_quantized_conv2d_params *params, int32_t y, int32_t x,
                          cortex_m_window rows, cortex_m_window columns) {
  const int32_t channels = params->filter.c;
  const int32_t taps = columns.end - columns.begin;
  const int32_t line = params->input.w * params->input.c;
  // Taps that lie side by side in the input as in the filter make one long run.
  const int whole_row = params->dilation_w == 1 && channels == params->input.c;
  const int32_t first_y = y + rows.begin * params->dilation_h;
  const int32_t first_x = x + columns.begin * params->dilation_w;
  return (window){
      {
          .count = whole_row ? taps * channels : channels,
          .columns = whole_row && taps > 0 ? 1 : taps,
          .rows = rows.end - rows.begin,
          .input_column = params->dilation_w * params->input.c,
          .input_row = params->dilation_h * line,
          .weight_column = channels,
          .weight_row = params->filter.w * channels,
          .stride = params->filter.h * params->filter.w * channels,
          .offset = params->input_offset,
      },
      first_y * line + first_x * params->input.c,
      (rows.begin * params->filter.w + columns.begin) * channels,
  };
}

/** All output channels of one pixel; returns where the next pixel's go. */
static int8_t *output_pixel(const int8_t *image, const int8_t *filter,
                            const cortex_m_channels *channels,
                            const cortex_m_quantized_conv2d_params *params, int32_t group_outputs,
                            const window *at, int8_t *output) {
  int32_t group_end = group_outputs;
  int32_t channel = 0;
  while (channel < params->output.c) {
    if (channel == group_end) {
      group_end += group_outputs;
      image += params->filter.c;
    }
    uint32_t sums[CORTEX_M_LANES] = {0};
    int32_t lanes = 1;
    if (group_end - channel >= CORTEX_M_LANES) {
      lanes = CORTEX_M_LANES;
      cortex_m_dot_lanes(image + at->input, filter + at->weight, &at->shape, sums);
    } else {
      sums[0] = cortex_m_dot(image + at->input, filter + at->weight, &at->shape, 0);
    }
    filter += lanes * at->shape.stride;
    cortex_m_finish_channels(sums, channels, channel, lanes, output);
    output += lanes;
    channel += lanes;
  }
  return output;
}

void cortex_m_quantized_conv2d(const int8_t *input, const int8_t *weight, const int32_t *bias,
                               const int32_t *multipliers, const int32_t *shifts,
                               const cortex_m_quantized_conv2d_params *params, void *scratch,
                               int8_t *output) {
  (void)scratch;
  const int32_t image_size = params->input.h * params->input.w * params->input.c;
  const int32_t groups = params->input.c / params->filter.c;
  const int32_t group_outputs = params->output.c / groups;
  const cortex_m_channels channels = {
      bias, multipliers, shifts, params->output_offset, params->activation_min,
      params->activation_max};
  for (int32_t n = 0; n < params->output.n; ++n) {
    int32_t y = -params->pad_h;
    for (int32_t output_y = 0; output_y < params->output.h; ++output_y) {
      const cortex_m_window rows =
          cortex_m_clip_window(y, params->filter.h, params->dilation_h, params->input.h);
      int32_t x = -params->pad_w;
      for (int32_t output_x = 0; output_x < params->output.w; ++output_x) {
        const cortex_m_window columns =
            cortex_m_clip_window(x, params->filter.w, params->dilation_w, params->input.w);
        const window at = find_window(params, y, x, rows, columns);
        output = output_pixel(input, weight, &channels, params, group_outputs,
                              &at, output);
        x += params->stride_w;
      }
      y += params->stride_h;
    }
    input += image_size;
  }
}
