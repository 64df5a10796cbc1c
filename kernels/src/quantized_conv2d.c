// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>

#include "cortex_m/kernels/convolution.h"
#include "dot.h"
#include "support.h"

/** Where the window of one output pixel lies. */
typedef struct {
  int32_t y; /**< input row of tap (0, 0), perhaps outside */
  int32_t x;
  cortex_m_window rows; /**< taps inside the input */
  cortex_m_window columns;
} position;

/**
 * Adds the products of the window to the sums of `lanes` output channels, 1 or CORTEX_M_LANES.
 *
 * image: the group's first channel of input pixel (0, 0); filter: the first output channel's
 * weights.
 */
static void convolve(const cortex_m_quantized_conv2d_params *params, const int8_t *image,
                     const int8_t *filter, const position *at, int32_t lanes, uint32_t *sums) {
  const int32_t channels = params->filter.c;
  const int32_t filter_size = params->filter.h * params->filter.w * channels;
  // Taps that lie side by side in the input as in the filter make one long product.
  const int whole_row = params->dilation_w == 1 && channels == params->input.c;
  const int32_t taps = at->columns.end - at->columns.begin;
  const int32_t runs = whole_row ? 1 : taps;
  const int32_t run = whole_row ? taps * channels : channels;
  const int32_t column = at->x + at->columns.begin * params->dilation_w;
  for (int32_t row = at->rows.begin; row < at->rows.end; ++row) {
    const int32_t line = at->y + row * params->dilation_h;
    const int8_t *pixel = image + (line * params->input.w + column) * params->input.c;
    const int8_t *weight = filter + (row * params->filter.w + at->columns.begin) * channels;
    for (int32_t i = 0; i < runs; ++i) {
      if (lanes == CORTEX_M_LANES) {
        cortex_m_dot_lanes(pixel, weight, filter_size, run, params->input_offset, sums);
      } else {
        sums[0] = cortex_m_dot(pixel, weight, run, params->input_offset, sums[0]);
      }
      pixel += params->dilation_w * params->input.c;
      weight += channels;
    }
  }
}

/** All output channels of one pixel; returns where the next pixel's go. */
static int8_t *output_pixel(const int8_t *image, const int8_t *filter, const int32_t *bias,
                            const int32_t *multipliers, const int32_t *shifts,
                            const cortex_m_quantized_conv2d_params *params, int32_t group_outputs,
                            const position *at, int8_t *output) {
  const int32_t filter_size = params->filter.h * params->filter.w * params->filter.c;
  int32_t group_end = group_outputs;
  int32_t channel = 0;
  while (channel < params->output.c) {
    if (channel == group_end) {
      group_end += group_outputs;
      image += params->filter.c;
    }
    uint32_t sums[CORTEX_M_LANES] = {0};
    const int32_t lanes = group_end - channel >= CORTEX_M_LANES ? CORTEX_M_LANES : 1;
    convolve(params, image, filter, at, lanes, sums);
    filter += lanes * filter_size;
    for (int32_t lane = 0; lane < lanes; ++lane) {
      const uint32_t sum = sums[lane] + (bias != NULL ? (uint32_t)bias[channel] : 0u);
      const int32_t scaled =
          cortex_m_requantize((int32_t)sum, multipliers[channel], shifts[channel]);
      *output++ = cortex_m_clamp(scaled, params->output_offset, params->activation_min,
                                 params->activation_max);
      ++channel;
    }
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
  for (int32_t n = 0; n < params->output.n; ++n) {
    position at;
    at.y = -params->pad_h;
    for (int32_t output_y = 0; output_y < params->output.h; ++output_y) {
      at.rows = cortex_m_clip_window(at.y, params->filter.h, params->dilation_h, params->input.h);
      at.x = -params->pad_w;
      for (int32_t output_x = 0; output_x < params->output.w; ++output_x) {
        at.columns =
            cortex_m_clip_window(at.x, params->filter.w, params->dilation_w, params->input.w);
        output = output_pixel(input, weight, bias, multipliers, shifts, params, group_outputs,
                              &at, output);
        at.x += params->stride_w;
      }
      at.y += params->stride_h;
    }
    input += image_size;
  }
}
