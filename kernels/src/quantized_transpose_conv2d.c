// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>

#include "cortex_m/kernels/convolution.h"
#include "dot.h"
#include "support.h"

/** Taps of one dimension that meet an output position: every `step`-th, and what they read. */
typedef struct {
  int32_t tap;
  int32_t step;
  int32_t input; /**< where `tap` reads; the next tap reads input_step before it */
  int32_t input_step;
  int32_t count;
} meeting;

/** How far apart the taps are that fall on one input grid, and what they read. */
typedef struct {
  int32_t step;
  int32_t input_step;
} spacing;

static spacing find_spacing(int32_t stride, int32_t dilation) {
  int32_t divisor = stride;
  int32_t rest = dilation;
  while (rest != 0) {
    const int32_t next = divisor % rest;
    divisor = rest;
    rest = next;
  }
  return (spacing){stride / divisor, dilation / divisor};
}

/** position: in the output, from the start of the padding. */
static meeting find_taps(int32_t position, int32_t taps, int32_t stride, int32_t dilation,
                         spacing apart, int32_t extent) {
  meeting found = {0, apart.step, 0, apart.input_step, 0};
  while (found.tap < taps && position % stride != 0) {
    ++found.tap;
    position -= dilation;
  }
  if (position < 0) {
    return found;
  }
  found.input = position / stride;
  while (found.tap < taps && found.input >= extent) {
    found.tap += apart.step;
    found.input -= apart.input_step;
  }
  for (int32_t tap = found.tap, input = found.input; tap < taps && input >= 0; tap += apart.step) {
    ++found.count;
    input -= apart.input_step;
  }
  return found;
}

/** Adds the products of all taps to the sums of `lanes` output channels, 1 or CORTEX_M_LANES. */
static void convolve(const int8_t *image, const int8_t *filter,
                     const cortex_m_quantized_transpose_conv2d_params *params, const meeting *rows,
                     const meeting *columns, int32_t lanes, uint32_t *sums) {
  const int32_t channels = params->input.c;
  const int32_t filter_size = params->filter.h * params->filter.w * channels;
  for (int32_t row = 0; row < rows->count; ++row) {
    const int32_t y = rows->input - row * rows->input_step;
    const int32_t tap_y = rows->tap + row * rows->step;
    const int8_t *pixel = image + (y * params->input.w + columns->input) * channels;
    const int8_t *weight = filter + (tap_y * params->filter.w + columns->tap) * channels;
    for (int32_t column = 0; column < columns->count; ++column) {
      if (lanes == CORTEX_M_LANES) {
        cortex_m_dot_lanes(pixel, weight, filter_size, channels, params->input_offset, sums);
      } else {
        sums[0] = cortex_m_dot(pixel, weight, channels, params->input_offset, sums[0]);
      }
      pixel -= columns->input_step * channels;
      weight += columns->step * channels;
    }
  }
}

/** All output channels of one pixel; returns where the next pixel's go. */
static int8_t *output_pixel(const int8_t *image, const int8_t *filter, const int32_t *bias,
                            const int32_t *multipliers, const int32_t *shifts,
                            const cortex_m_quantized_transpose_conv2d_params *params,
                            const meeting *rows, const meeting *columns, int8_t *output) {
  const int32_t filter_size = params->filter.h * params->filter.w * params->filter.c;
  int32_t channel = 0;
  while (channel < params->output.c) {
    uint32_t sums[CORTEX_M_LANES] = {0};
    const int32_t lanes = params->output.c - channel >= CORTEX_M_LANES ? CORTEX_M_LANES : 1;
    convolve(image, filter, params, rows, columns, lanes, sums);
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

void cortex_m_quantized_transpose_conv2d(const int8_t *input, const int8_t *weight,
                                         const int32_t *bias, const int32_t *multipliers,
                                         const int32_t *shifts,
                                         const cortex_m_quantized_transpose_conv2d_params *params,
                                         void *scratch, void *output_scratch, int8_t *output) {
  (void)scratch;
  (void)output_scratch;
  const int32_t image_size = params->input.h * params->input.w * params->input.c;
  const spacing apart_h = find_spacing(params->stride_h, params->dilation_h);
  const spacing apart_w = find_spacing(params->stride_w, params->dilation_w);
  for (int32_t n = 0; n < params->output.n; ++n) {
    for (int32_t y = 0; y < params->output.h; ++y) {
      const meeting rows = find_taps(y + params->pad_h, params->filter.h, params->stride_h,
                                     params->dilation_h, apart_h, params->input.h);
      for (int32_t x = 0; x < params->output.w; ++x) {
        const meeting columns = find_taps(x + params->pad_w, params->filter.w, params->stride_w,
                                          params->dilation_w, apart_w, params->input.w);
        output = output_pixel(input, weight, bias, multipliers, shifts, params, &rows, &columns,
                              output);
      }
    }
    input += image_size;
  }
}
