// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>

#include "cortex_m/kernels/convolution.h"
#include "dot.h"
#include "channels.h"
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

/** A position in the output, from the start of the padding: whole strides and what is left. */
typedef struct {
  int32_t strides;
  int32_t rest;
} position;

static position start_at(int32_t padding, int32_t stride) {
  return (position){padding / stride, padding % stride};
}

/** Divides nothing: Armv6-M has no division. */
static position next_of(position at, int32_t stride) {
  ++at.rest;
  return at.rest < stride ? at : (position){at.strides + 1, 0};
}

static meeting find_taps(position at, int32_t taps, int32_t stride, int32_t dilation,
                         spacing apart, int32_t extent) {
  meeting found = {0, apart.step, at.strides, apart.input_step, 0};
  while (found.tap < taps && at.rest != 0) {
    ++found.tap;
    for (at.rest -= dilation; at.rest < 0; at.rest += stride) {
      --found.input;
    }
  }
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

/** The taps of one output pixel. */
typedef struct {
  cortex_m_dot_shape shape; /**< for one output channel; nothing in it where no tap meets */
  int32_t input;            /**< where the first tap reads, from the image's start */
  int32_t weight;           /**< its weights, from the channel's first */
} window;

static window find_window(const cortex_m_quantized_transpose_conv2d_params *params,
                          const meeting *rows, const meeting *columns) {
  const int32_t channels = params->input.c;
  const int32_t line = params->input.w * channels;
  return (window){
      {
          .count = channels,
          .columns = columns->count,
          .rows = rows->count,
          .input_column = -columns->input_step * channels,
          .input_row = -rows->input_step * line,
          .weight_column = columns->step * channels,
          .weight_row = rows->step * params->filter.w * channels,
          .stride = params->filter.h * params->filter.w * channels,
          .offset = params->input_offset,
      },
      rows->input * line + columns->input * channels,
      (rows->tap * params->filter.w + columns->tap) * channels,
  };
}

/** All output channels of one pixel; returns where the next pixel's go. */
static int8_t *output_pixel(const int8_t *image, const int8_t *filter,
                            const cortex_m_channels *channels,
                            const cortex_m_quantized_transpose_conv2d_params *params,
                            const window *at, int8_t *output) {
  image += at->input;
  filter += at->weight;
  int32_t channel = 0;
  while (channel < params->output.c) {
    uint32_t sums[CORTEX_M_LANES] = {0};
    int32_t lanes = 1;
    if (params->output.c - channel >= CORTEX_M_LANES) {
      lanes = CORTEX_M_LANES;
      cortex_m_dot_lanes(image, filter, &at->shape, sums);
    } else {
      sums[0] = cortex_m_dot(image, filter, &at->shape, 0);
    }
    filter += lanes * at->shape.stride;
    cortex_m_finish_channels(sums, channels, channel, lanes, output);
    output += lanes;
    channel += lanes;
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
  const cortex_m_channels channels = {
      bias, multipliers, shifts, params->output_offset, params->activation_min,
      params->activation_max};
  for (int32_t n = 0; n < params->output.n; ++n) {
    position at_y = start_at(params->pad_h, params->stride_h);
    for (int32_t y = 0; y < params->output.h; ++y) {
      const meeting rows = find_taps(at_y, params->filter.h, params->stride_h, params->dilation_h,
                                     apart_h, params->input.h);
      position at_x = start_at(params->pad_w, params->stride_w);
      for (int32_t x = 0; x < params->output.w; ++x) {
        const meeting columns = find_taps(at_x, params->filter.w, params->stride_w,
                                          params->dilation_w, apart_w, params->input.w);
        const window at = find_window(params, &rows, &columns);
        output = output_pixel(input, weight, &channels, params, &at, output);
        at_x = next_of(at_x, params->stride_w);
      }
      at_y = next_of(at_y, params->stride_h);
    }
    input += image_size;
  }
}
